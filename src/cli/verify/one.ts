/** One runbook in a lab that is up: what it needs brought there, run, filed. */
import type { Lab } from '../../lab/lab.ts'
import type { Result } from '../../report/result.ts'
import { createRunFolder } from '../../run/folder.ts'
import type { Planned } from '../../run/plan.ts'
import type { Emit } from '../../run/events.ts'
import type { Abort } from '../../run/abort.ts'
import type { Selection } from '../../run/select.ts'
import { verify } from '../../run/verify.ts'
import { loadScript } from '../../script/load.ts'
import { labTarget } from '../../target/lab.ts'
import { fileResult, type Destinations } from '../file-result.ts'
import type { Screen } from '../progress.ts'
import type { Opened } from '../script.ts'
import { resolveFor, type GivenValues } from '../values.ts'
import { version } from '../version.ts'

export interface Job {
  readonly page: Opened
  readonly plan: readonly Planned[]
  readonly given: GivenValues
  readonly selection?: Selection
  readonly abort?: Abort
  /** Leave what a failure left, to look at it. */
  readonly keep: boolean
  /** `.proofbook`. */
  readonly root: string
  readonly destinations: Destinations
  readonly listen: Emit
  readonly signal: AbortSignal
}

export interface Proven {
  readonly result: Result
  /** Paths of what was written, by what it is. */
  readonly files: Readonly<Record<string, string>>
}

/** What a page uses and a lab does not have from the start. */
export async function bringNeeds(lab: Lab, { script, module }: Opened, screen: Screen, signal: AbortSignal): Promise<void> {
  // Not loaded for what no page needs.
  const { bringPageImages } = await import('../../lab/images/page-images.ts')
  await bringPageImages(lab, module, screen, signal)
  if (script.meta.traffic.length > 0) await (await import('../../lab/traffic.ts')).bringProber(screen, signal)
}

export async function proveIn(lab: Lab, { page, given, selection = {}, abort, keep, root, destinations, listen, signal }: Job): Promise<Proven> {
  const target = await labTarget(lab)
  const { values, secrets } = resolveFor(given, target)
  const folder = createRunFolder(root, page.script.meta.id, page.module)
  const result = await verify({
    script: await loadScript(folder.script),
    target, values, secrets, folder, signal, listen, selection,
    ...abort === undefined ? {} : { abort },
    undoAfterFailure: !keep,
    proofbook: version(),
  })
  return { result, files: await fileResult(result, folder, destinations) }
}
