/** `proofbook lab conformance`. */
import { writeFile } from 'node:fs/promises'
import { reasonFor } from '../lab/conformance/cannot-pass.ts'
import { junitOf, type Case, type Suites } from '../lab/conformance/cases.ts'
import { FOCUS, runConformance } from '../lab/conformance/run.ts'
import type { CniName } from '../lab/cni/cni.ts'
import { LabError } from '../lab/errors.ts'
import { find } from '../lab/lab.ts'
import { duration } from '../report/duration.ts'
import { interruptible } from './interrupt.ts'
import { columns, print, printJson } from './output.ts'
import { createProgress } from './progress.ts'

interface Flags {
  readonly lab: string
  readonly json?: boolean
  readonly focus?: string
  readonly skip?: string
  readonly timeout?: string
  readonly junit?: string
}

/** Exit 1 when a case fails that can pass here, when none was chosen, or when the suite itself broke. */
export async function labConformance({ lab: name, json, focus = FOCUS, skip, timeout, junit }: Flags): Promise<void> {
  const lab = await find(name)
  if (lab === undefined) throw new LabError(`no lab "${name}" is up; bring it up: npx proofbook lab up${name === 'lab' ? '' : ` --lab ${name}`}`)
  const screen = createProgress()
  using interrupt = interruptible(screen.note)
  const started = performance.now()
  const suites = await runConformance(lab, screen, { focus, ...skip !== undefined && { skip }, ...timeout !== undefined && { timeout }, signal: interrupt.signal })
  const durationMs = Math.round(performance.now() - started)

  const { cases, problems } = suites
  const { cni } = lab.record
  if (junit !== undefined) await writeFile(junit, junitOf(`${focus} on lab ${name}`, cases))
  if (cases.length === 0 || problems.length > 0 || unexpected(cases, cni).length > 0) process.exitCode = 1
  if (json) return printJson('lab conformance', { lab: name, cni, focus, durationMs, ...suites, cannotPass: cases.flatMap(each => reasonFor(each.name, cni) === undefined ? [] : [each.name]) })
  print(conformanceText(suites, cni, durationMs))
}

const unexpected = (cases: readonly Case[], cni: CniName): Case[] =>
  cases.filter(({ state, name }) => state === 'failed' && reasonFor(name, cni) === undefined)

export function conformanceText({ cases, problems }: Suites, cni: CniName, durationMs: number): string {
  const count = (state: Case['state']): number => cases.filter(each => each.state === state).length
  const rows = cases.map(({ name, state, seconds }) => [state === 'passed' ? 'ok' : state === 'failed' ? 'FAIL' : 'skip', `${seconds} s`, name])
  return [
    cases.length === 0 ? 'no case has such a name' : columns(rows),
    ...cases.flatMap(each => remarkOn(each, cni)),
    ...problems.map(problem => `the suite: ${problem}`),
    `${count('passed')} passed, ${count('failed')} failed, ${count('skipped')} skipped in ${duration(durationMs)}`,
  ].join('\n')
}

/** Why it did not pass, or that it did although it is listed. */
function remarkOn({ name, state, message }: Case, cni: CniName): string[] {
  const why = reasonFor(name, cni)
  if (state === 'passed') return why === undefined ? [] : [`${name}: passes, so take it off src/lab/conformance/cannot-pass.ts`]
  return [`${name}: ${state === 'failed' && why !== undefined ? `cannot pass here: ${why}` : message.split('\n')[0] ?? ''}`]
}
