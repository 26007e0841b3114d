/** What a result says of one block of the page. */
import type { BlockResult, Result } from '../../report/result.ts'
import type { Block } from '../../runbook/model.ts'
import { count, inWords } from '../words.ts'

/**
 * All runs of a block in a result, as they came: a step on three servers has three, a precheck is run again after
 * the rollback. Matched by kind and name, which are unique in a page; the page may have grown lines since.
 */
export function runsOf(result: Result | undefined, { kind, name }: Pick<Block, 'kind' | 'name'>): BlockResult[] {
  return (result?.blocks ?? []).filter(block => block.kind === kind && block.name === name)
}

export const statusWord: Readonly<Record<BlockResult['status'], string>> = {
  ok: 'ok', failed: 'failed', skipped: 'skipped', 'not-run': 'not run',
}

/** `ok in 6.2 s`, `ok in 12 s, 4 tries`, `skipped: distro is kubeadm` */
export function outcomeOf(run: BlockResult): string {
  if (run.status === 'skipped' || run.status === 'not-run') {
    return run.reason === undefined ? statusWord[run.status] : `${statusWord[run.status]}: ${run.reason}`
  }
  const tries = run.attempts > 1 ? `, ${count(run.attempts, 'try', 'tries')}` : ''
  return `${statusWord[run.status]} in ${inWords(run.durationMs)}${tries}`
}

/** The worst of several runs, then the time of all. */
export function summaryOf(runs: readonly BlockResult[]): string {
  const [first] = runs
  if (first === undefined) return ''
  const failed = runs.find(({ status }) => status === 'failed')
  if (failed !== undefined) return outcomeOf(failed)
  const ran = runs.filter(({ status }) => status === 'ok')
  if (ran.length < 2) return outcomeOf(ran[0] ?? first)
  return `ok ${ran.length} times, ${inWords(ran.reduce((sum, { durationMs }) => sum + durationMs, 0))}`
}

/** Where and when one run of a block was: `lb`, `s1, in the rollback`. */
export function occasionOf({ host, phase }: BlockResult): string {
  const phases: Readonly<Record<BlockResult['phase'], string>> = {
    precheck: '', steps: '', cleanup: '', 'second-pass': ', the second time', rollback: ', in the undo', 'after-rollback': ', again after the undo',
  }
  return `${host}${phases[phase]}`
}
