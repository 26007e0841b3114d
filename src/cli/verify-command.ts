/** `proofbook verify`: page, values, machine, lab, run, result, and the lab gone again. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { BadInput } from '../runbook/errors.ts'
import { didYouMean } from '../runbook/suggest.ts'
import type { Result } from '../report/result.ts'
import { duration } from '../report/duration.ts'
import { Interrupted } from '../run/errors.ts'
import { createRunFolder } from '../run/folder.ts'
import { planOf } from '../run/plan.ts'
import { select } from '../run/select.ts'
import { verify } from '../run/verify.ts'
import { loadScript } from '../script/load.ts'
import { setup } from '../lab/setup.ts'
import { labTarget, labTargets } from '../target/lab.ts'
import { confirm } from './ask.ts'
import type { VerifyFlags } from './commands/verify.ts'
import { failureText, verdictLine } from './failure.ts'
import { interruptible } from './interrupt.ts'
import { labFor, labSpec } from './lab-for.ts'
import { print, printJson } from './output.ts'
import { countsText } from './plan-text.ts'
import { createProgress } from './progress.ts'
import { project } from './project.ts'
import { runView } from './run-view.ts'
import { openScript } from './script.ts'
import { exitCodeFor, fileResult } from './file-result.ts'
import { canAsk } from './terminal.ts'
import { givenValues, resolveFor } from './values.ts'
import { version } from './version.ts'

const TARGETS: readonly string[] = labTargets

export async function verifyCommand(id: string, flags: VerifyFlags): Promise<void> {
  const started = performance.now()
  const { script: page, module } = await openScript(id)
  const { meta } = page
  const plan = await planOf(page)
  const selection = flags.from === undefined ? {} : { from: flags.from }
  const given = await givenValues(meta.variables, flags)
  refuseFlags(flags)
  select(plan, selection)

  const screen = createProgress()
  using interrupt = interruptible(screen.note)
  const { signal } = interrupt
  await setup(screen, {
    yes: flags.yes === true || Boolean(process.env.CI),
    ...canAsk() ? { confirm: (text: string) => confirm(text, signal) } : {},
    signal,
  })
  if (signal.aborted) throw new Interrupted()

  await using place = await labFor(labSpec(flags.lab, meta, flags.on), screen, {
    signal, keep: flags.keep === true, any: flags.from !== undefined,
  })
  const target = await labTarget(place.lab)
  const { values } = resolveFor(given, target)
  const { root, results, recorded } = project()
  const folder = createRunFolder(root, meta.id, module)
  screen.note(`plan     ${countsText(plan)}`)
  const result = await verify({
    script: await loadScript(folder.script),
    target, values, selection, folder, signal,
    undoAfterFailure: !flags.keep,
    proofbook: version(),
    listen: runView(screen, plan, { output: false }),
  })
  place.tell(result)

  const written = await fileResult(result, folder, { results, ...flags.record ? { recorded } : {}, ...flags.junit ? { junit: flags.junit } : {} })
  process.exitCode = exitCodeFor(result, flags.from !== undefined)
  if (result.failure) screen.note(failureText(result.failure, meta.source, whatNext(id, flags, result)))
  if (flags.json) return printJson('verify', { result, files: written })
  print(verdictLine(result, duration(performance.now() - started)))
  for (const [what, file] of Object.entries(written)) print(`         ${what.padEnd(8)} ${file}`)
}

/** Everything that can be refused before a lab is brought up. */
function refuseFlags({ on, record }: VerifyFlags): void {
  if (!TARGETS.includes(on)) {
    throw new BadInput(`received --on ${on}, expected ${TARGETS.join(' or ')}${didYouMean(on, TARGETS)}`)
  }
  if (record && !existsSync(join(process.cwd(), 'src/content'))) {
    throw new BadInput('--record writes to src/content/results, and there is no folder src/content here: run it in a checkout of the book')
  }
}

function whatNext(id: string, { keep, lab, on }: VerifyFlags, { failure }: Result): string[] {
  const name = lab === 'lab' ? '' : ` --lab ${lab}`
  if (!keep) return [`--keep leaves the lab up after a failure, to look around and to go on from there`]
  return [
    `the lab is still up; go on: npx proofbook verify ${id} --on ${on}${name} --keep --from ${failure?.name}`,
    `remove it: npx proofbook lab down${name}`,
  ]
}
