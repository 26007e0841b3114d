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

const names: Readonly<Record<string, string>> = { haproxy: 'HAProxy', k3s: 'k3s', etcd: 'etcd', kind: 'kind', kubectl: 'kubectl', containerd: 'containerd', coredns: 'CoreDNS', systemd: 'systemd', vegeta: 'vegeta' }

export const title = (name: string): string => names[name] ?? name.charAt(0).toUpperCase() + name.slice(1)

/** Says it when the images of the lab are our own builds: they are not the upstream binaries. */
export function supplyNote({ images }: Pick<Result, 'images'>): { readonly short: string, readonly detail: string } | undefined {
  const built = images.filter(({ supply }) => supply === 'built')
  if (built.length === 0) return undefined
  return {
    // HAProxy and all else that machines without a cluster run is Debian's own
    short: built.every(({ name }) => name === 'proofbook/host') ? 'on hosts made of Debian packages' : 'built from Go modules',
    detail: `${count(built.length, 'image')} of ${images.length} had no registry to come from and ${built.length === 1 ? 'was' : 'were'} built from package registries: `
      + built.map(({ name, version }) => `${name} ${version}`).join(', '),
  }
}

export interface SupplyGroup {
  /** One sentence: from where, and how it differs from upstream. */
  readonly supply: string
  readonly images: readonly { readonly name: string, readonly id: string }[]
}

/** Images by where they came from, in the order of the result. A name ends with its version; ids are shortened as Docker does. */
export function supplyGroups(images: readonly ImageRecord[]): SupplyGroup[] {
  return [...Map.groupBy(images, supplyOf)].map(([supply, members]) => ({
    supply,
    images: members.map(({ name, version, id }) => ({
      name: name.includes(':') ? name : `${name}:${version}`,
      id: id.replace(/^sha256:/, '').slice(0, 12),
    })),
  }))
}

function supplyOf({ supply, note }: ImageRecord): string {
  const word = { pulled: 'Pulled from upstream', archive: 'From an archive', built: 'Our own build', 'stand-in': 'A stand-in' }[supply]
  if (note === undefined) return word
  return /^(our|a stand-in)\b/i.test(note) ? note.charAt(0).toUpperCase() + note.slice(1) : `${word}: ${note}`
}

/** Address of the run's report below the root of the site; none of a result in which nothing ran. */
export const reportOf = ({ runbook, target, blocks }: Pick<Result, 'runbook' | 'target' | 'blocks'>): string | undefined =>
  blocks.length === 0 ? undefined : `reports/${runbook}.${target}.html`

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
