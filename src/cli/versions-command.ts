/** `proofbook versions` and `proofbook bump`: what is pinned, what is newer, and what a change of it asks for. */
import { readFileSync } from 'node:fs'
import { writeText } from '../report/store.ts'
import { BadInput } from '../runbook/errors.ts'
import type { Runbook } from '../runbook/model.ts'
import { didYouMean } from '../runbook/suggest.ts'
import { alsoNamed, bump, diffOf, pinFor, PINS } from '../versions/bump.ts'
import { components, type Component } from '../versions/components.ts'
import { releasesIn } from '../versions/registries.ts'
import { compareReleases, newerThan, releaseOf, type Newer } from '../versions/release.ts'
import { READ_ON, supportOf, type Support } from '../versions/support.ts'
import { allRunbooks } from './book.ts'
import type { BumpFlags } from './commands/versions.ts'
import { columns, print, printJson } from './output.ts'

interface Row extends Newer, Support {
  readonly component: string
  readonly pinned: string
  /** Why no registry told of newer ones. */
  readonly notAsked?: string
}

export async function versionsCommand(names: readonly string[], { json }: { readonly json?: boolean }): Promise<void> {
  const rows = (await Promise.all((names.length === 0 ? components : names.map(named)).map(rowsOf))).flat()
  if (json) return printJson('versions', { components: rows, supportReadOn: READ_ON })
  print(columns([['component', 'pinned', 'newer patch', 'newer minor', 'supported'], ...rows.map(({ component, pinned, patch, minor, notAsked, supported, why }) => [
    component, pinned, ...notAsked === undefined ? [patch ?? '', minor ?? ''] : [`not asked: ${notAsked}`, ''],
    `${supported === undefined ? '' : supported ? 'yes: ' : 'NO: '}${why}`,
  ])]))
}

async function rowsOf({ name, registry, pins: own, unpinned }: Component): Promise<Row[]> {
  const seen = await releasesIn(registry)
  const releases = 'releases' in seen ? seen.releases : []
  // Debian's own numbers: what apt would install is what a lab has.
  const pins = own.length === 0 && unpinned === undefined ? releases.slice(0, 1) : own
  const newest = [...pins, ...releases].flatMap(text => releaseOf(text) ?? []).toSorted(compareReleases).at(-1)?.text ?? ''
  const today = new Date().toISOString().slice(0, 10)
  const notAsked = 'notAsked' in seen ? { notAsked: seen.notAsked } : {}
  const row = (pinned: string, release: string, newer: Newer): Row => ({ component: name, pinned, ...newer, ...notAsked, ...supportOf(name, release, newest, today) })
  if (unpinned !== undefined) return [row(unpinned, newest, newest === '' ? {} : { minor: newest })]
  return (pins.length === 0 ? ['of the Debian suite'] : pins).map(pin => row(pin, pin, newerThan(pin, releases)))
}

export async function bumpCommand(name: string, { to, write, json }: BumpFlags): Promise<void> {
  const component = named(name)
  const wanted = to ?? (component.key === undefined ? 'RELEASE' : await newestPatch(component))
  const from = component.key === undefined ? '' : pinFor(component, wanted)
  if (from === wanted) throw new BadInput(`${name} is pinned to ${wanted} already`)
  const edits = bump(component, from, wanted, textOf)
  if (write) for (const { file, after } of edits) await writeText(file, after)
  const runbooks = (await allRunbooks()).flatMap(({ runbook }) => runbook ?? []).filter(page => touches(component, page)).map(({ id }) => id)
  const look = edits.flatMap(edit => alsoNamed(edit, from))
  if (json) return printJson('bump', { component: name, from, to: wanted, written: write === true, files: edits.map(({ file }) => file), look, runbooks })
  print(`${edits.map(diffOf).join('\n')}\n${write ? 'written' : 'not written: --write does it'}\n${look.map(line => `look at  ${line}\n`).join('')}verify   npx proofbook verify ${runbooks.join(' ')}`)
}

async function newestPatch(component: Component): Promise<string> {
  const seen = await releasesIn(component.registry)
  if ('notAsked' in seen) throw new BadInput(`no newer release of ${component.name} is known (${seen.notAsked}), expected --to RELEASE`)
  const found = component.pins.flatMap(pin => newerThan(pin, seen.releases).patch ?? []).at(-1)
  if (found === undefined) throw new BadInput(`the registry shows no newer patch of ${component.name} ${component.pins.join(', ')}, expected --to RELEASE; \`proofbook versions ${component.name}\` lists what there is`)
  return found
}

const touches = ({ name, pages }: Component, page: Runbook): boolean =>
  pages === 'all' || (pages === 'cluster' ? page.topology !== 'no-cluster' : pages === 'named' && (page.versions[name] !== undefined || page.cni === name || (name === 'flannel' && page.cni === 'any' && page.topology !== 'no-cluster')))

function named(name: string): Component {
  const known = components.map(component => component.name)
  const found = components.find(component => component.name === name)
  if (found === undefined) throw new BadInput(`received component ${name}, expected ${known.join(', ')}${didYouMean(name, known)}`)
  return found
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new BadInput(`cannot read ${file}: ${(error as Error).message}; bump edits the pins (${PINS}) of a checkout of Proofbook: start it there`, { cause: error })
  }
}
