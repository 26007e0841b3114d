/** The candidates of this checkout, asked of the registries. */
import { join } from 'node:path'
import { recordedCosts } from '../../../src/matrix/durations.ts'
import type { MatrixPlan } from '../../../src/matrix/plan.ts'
import { readResults } from '../../../src/report/store.ts'
import { components } from '../../../src/versions/components.ts'
import { releasesIn } from '../../../src/versions/registries.ts'
import { say } from '../run.ts'
import { releasesOf, sampleOf, wordsFor, type Candidate } from './candidates.ts'

export interface Planned {
  readonly candidates: readonly Candidate[]
  /** What could not be asked or replaced, and why. */
  readonly notes: readonly string[]
}

/**
 * @param cli the command `proofbook` of this checkout, which is `root`
 * @param names of components; every one that has a pin when none is given
 * @param within milliseconds for the pages of one candidate
 */
export async function planNext(root: string, cli: readonly string[], names: readonly string[], within: number): Promise<Planned> {
  const pinned = components.filter(({ name, key }) => names.length === 0 ? key !== undefined : names.includes(name))
  const costs = recordedCosts(await readResults([join(root, 'src/content/results')]))
  const unknown = names.filter(name => !components.some(component => component.name === name))
  const notes = unknown.map(name => `${name}: no component of that name`)
  const candidates: Candidate[] = []
  const json = async (words: readonly string[]) => {
    const { exit, stdout } = await say('next', [...cli, ...words, '--json'], { cwd: root, quiet: true })
    return { exit, value: JSON.parse(stdout) as unknown }
  }
  const seen = await Promise.all(pinned.map(async component => ({ component, seen: await releasesIn(component.registry) })))
  for (const { component, seen: releases } of seen) {
    if ('notAsked' in releases) notes.push(`${component.name}: not asked: ${releases.notAsked}`)
    for (const release of releasesOf(component, releases)) {
      const bumped = await json(['bump', release.component, '--to', release.to])
      const { runbooks = [], from = release.from, error } = bumped.value as { runbooks?: string[], from?: string, error?: { message: string } }
      if (bumped.exit !== 0) notes.push(`${release.component} ${release.to}: ${error?.message ?? `bump ended with ${bumped.exit}`}`)
      else if (runbooks.length === 0) notes.push(`${release.component} ${release.to}: no page needs it`)
      else {
        const words = wordsFor(release)
        const { shards } = (await json(['matrix', ...runbooks, '--on', 'kind', ...words, '--shards', '1'])).value as MatrixPlan
        // Pages about the way to Cilium keep their own release.
        const all = shards.flatMap(({ cells }) => cells).filter(({ cilium }) => words.length === 0 || cilium === words[1])
        const runs = sampleOf(all, within, costs).map(({ id }) => id)
        candidates.push({ ...release, from, runbooks: runs, of: all.length, words, build: component.pages === 'cluster' })
      }
    }
  }
  return { candidates, notes }
}
