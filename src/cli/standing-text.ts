/** Where a run stands, in a few words. */
import { duration } from '../report/duration.ts'
import type { EarlierRun } from '../run/runs.ts'
import { countKinds, type Planned } from '../run/plan.ts'
import { STATE_WORDS } from '../run/settle.ts'

/** `5 of 12 steps done, step add-san on s1 was in flight ...` */
export function standingText({ standing, plan }: Pick<EarlierRun, 'standing'> & { readonly plan: readonly Planned[] }): string {
  const states = standing.order.flatMap(name => [...standing.step(name)].map(([host, { state }]) => ({ name, host, state })))
  const open = states.filter(({ state }) => state !== 'done')
  const done = standing.order.filter(name => standing.step(name).size > 0 && states.every(step => step.name !== name || step.state === 'done'))
  return [
    `${done.length} of ${countKinds(plan).step} steps done`,
    ...open.map(({ name, host, state }) => state === 'done' ? '' : `step ${name} on ${host} ${STATE_WORDS[state]}`),
  ].join(', ')
}

/** How a run ended, in one line. */
export function endText({ standing, journal }: Pick<EarlierRun, 'standing' | 'journal'>, running: boolean): string {
  const { verdict } = standing
  const took = duration(spent(journal.lines))
  if (verdict === undefined) return running ? 'at work' : `ended without a word, killed or its machine lost, after ${took}`
  const { verdict: word, reason } = verdict
  if (word === 'not-run' && reason === 'run, not verified') return `done in ${took}`
  return `${word === 'failed' ? 'failed: ' : ''}${reason ?? word}, after ${took}`
}

/** Milliseconds at work: of each process that had its turn, by its own clock. */
function spent(lines: EarlierRun['journal']['lines']): number {
  return lines.reduce((sum, { ms }, index) => {
    const next = lines[index + 1]
    return next === undefined || next.event === 'resume' ? sum + ms : sum
  }, 0)
}
