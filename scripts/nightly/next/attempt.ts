/**
 * One candidate, tried in a checkout of its own: the pins bumped, compiled, pages verified. Its results stay in a folder that
 * nothing of the night reads: no badge, no history, no issue.
 */
import { cpSync, existsSync, mkdirSync, rmSync, symlinkSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Result, Verdict } from '../../../src/report/result.ts'
import { readFolders } from '../../../src/report/store.ts'
import { say, type Ended } from '../run.ts'
import type { Candidate } from './candidates.ts'

export interface Attempt {
  readonly candidate: Candidate
  readonly pages: readonly {
    readonly runbook: string
    readonly verdict: Verdict
    readonly reason?: string
    /** Its lab is known to have had the release. */
    readonly there: boolean
  }[]
  /** Why it could not be tried at all. */
  readonly problem?: string
  readonly exit: number
}

export interface AttemptOptions {
  /** The command `proofbook` of the checkout `root`. */
  readonly cli: readonly string[]
  /** Everything of the attempt goes into a folder of its own in here. */
  readonly output: string
  readonly lab: string
  /** More words for `verify`. */
  readonly words?: readonly string[]
}

export const nameOf = ({ component, to }: Pick<Candidate, 'component' | 'to'>): string => `next-${component}-${to}`

/** Whether a result tells that its lab had the release: among the versions that it read, or of an image that was built. */
export function tellsOf({ versions, images }: Pick<Result, 'versions' | 'images'>, { component, to }: Pick<Candidate, 'component' | 'to'>): boolean {
  const bare = to.replace(/^v/, '')
  const noted = new RegExp(`\\b${component} v?${bare.replaceAll('.', '\\.')}(?![.\\d])`, 'i')
  return versions[component]?.replace(/^v/, '') === bare || images.some(({ note = '' }) => noted.test(note))
}

export async function attempt(root: string, candidate: Candidate, { cli, output, lab, words = [] }: AttemptOptions): Promise<Attempt> {
  const { component, to, runbooks, words: own, build } = candidate
  const folder = resolve(output, nameOf(candidate))
  const checkout = join(folder, 'checkout')
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const at = { cwd: checkout }
  const stages: readonly (readonly [string, () => Promise<Ended>])[] = [
    ['git clone', () => say('clone', ['git', 'clone', '--quiet', root, checkout], { cwd: root })],
    ['proofbook bump', () => say('bump', [...cli, 'bump', component, '--to', to, '--write'], at)],
    ['npm run compile', () => {
      if (!existsSync(join(checkout, 'node_modules'))) symlinkSync(join(root, 'node_modules'), join(checkout, 'node_modules'))
      return say('compile', ['npm', 'run', '--silent', 'compile'], at)
    }],
  ]
  try {
    for (const [stage, run] of stages) {
      const { exit, stdout } = await run()
      if (exit !== 0) return { candidate, pages: [], exit, problem: `${stage} ended with ${exit}${stdout.trim() && `: ${stdout.trim().split('\n').slice(0, 5).join(' ')}`}` }
    }
    const { exit } = await say(component, [
      process.execPath, join(checkout, 'dist/cli/main.js'), 'verify', ...runbooks, '--on', 'kind', '--retries', '1', '--lab', lab, '--report', 'json,junit,html', '--yes', ...own, ...words,
    ], { ...at, env: { ...process.env, ...build ? { PROOFBOOK_REGISTRY: 'none' } : {} } })
    const { results } = await readFolders([join(checkout, '.proofbook/results')])
    const pages = results.map((result) => {
      const { runbook, verdict, failure } = result
      const reason = failure === undefined ? result.reason : `${failure.kind} ${failure.name} in line ${failure.line}: ${failure.message}`
      return { runbook, verdict, there: tellsOf(result, candidate), ...reason === undefined ? {} : { reason } }
    })
    return { candidate, pages, exit, ...pages.length > 0 ? {} : { problem: `verify ended with ${exit} and left no result` } }
  } finally {
    const kept = join(checkout, '.proofbook')
    for (const part of ['results', 'report', 'runs']) if (existsSync(join(kept, part))) cpSync(join(kept, part), join(folder, part), { recursive: true })
    rmSync(checkout, { recursive: true, force: true })
  }
}
