/** Short lines on a result for the status strip. */
import type { Result } from '../../report/result.ts'
import type { Runbook } from '../../runbook/model.ts'
import type { ImageRecord } from '../../target/target.ts'
import { withSpace } from '../block/facts.ts'
import { count, inWords } from '../words.ts'

/** Those components first that a page is about; the lab's own tools stay in the table below. */
export function versionsLine({ versions }: Pick<Result, 'versions'>): string {
  const wanted = ['kubernetes', 'k3s', 'cilium', 'calico', 'flannel', 'haproxy', 'traefik']
  const known = wanted.filter(name => Object.hasOwn(versions, name))
  const names = known.length > 0 ? known : Object.keys(versions).slice(0, 3)
  return names.map(name => `${title(name)} ${versions[name]}`).join(', ')
}

const names: Readonly<Record<string, string>> = { haproxy: 'HAProxy', k3s: 'k3s', etcd: 'etcd', kind: 'kind', kubectl: 'kubectl', containerd: 'containerd' }

export const title = (name: string): string => names[name] ?? name.charAt(0).toUpperCase() + name.slice(1)

/** Says it when the images of the lab are our own builds: they are not the upstream binaries. */
export function supplyNote({ images }: Pick<Result, 'images'>): { readonly short: string, readonly detail: string } | undefined {
  const built = images.filter(({ supply }) => supply === 'built')
  if (built.length === 0) return undefined
  return {
    short: 'built from Go modules',
    detail: `${count(built.length, 'image')} of ${images.length} had no registry to come from and ${built.length === 1 ? 'was' : 'were'} built from package registries: `
      + built.map(({ name, version }) => `${name} ${version}`).join(', '),
  }
}

export function supplyWord({ supply }: Pick<ImageRecord, 'supply'>): string {
  return { pulled: 'pulled from upstream', archive: 'from an archive', built: 'our own build' }[supply]
}

const risks: Readonly<Record<Runbook['risk'], string>> = {
  'read-only': 'changes nothing',
  reversible: 'every step can be undone',
  outage: 'traffic stops for a while',
}

/** Duration, risk and budget of a page. */
export function factsLine(runbook: Runbook): { readonly term: string, readonly text: string, readonly meaning: string }[] {
  const budget = Object.entries(runbook.downtimeBudget)
  return [
    ...(runbook.duration === undefined ? [] : [{ term: 'Takes', text: `about ${inWords(runbook.duration)}`, meaning: 'As the author estimates, with reading' }]),
    { term: 'Risk', text: `${runbook.risk}, ${risks[runbook.risk]}`, meaning: 'What can go wrong while you follow the page' },
    ...(budget.length === 0 ? [] : [{
      term: 'May lose', text: budget.map(([what, most]) => `${what} ${withSpace(most)}`).join(', '), meaning: 'Longest loss that the page allows; a longer one fails verification',
    }]),
  ]
}
