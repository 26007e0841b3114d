/** A plan for people: every command with its values filled in, in page order. */
import { duration } from '../report/duration.ts'
import { countKinds, type Planned } from '../run/plan.ts'
import { bytesOf } from '../run/send.ts'

type Values = Readonly<Record<string, string>>

/** Hosts of a role, by its name. */
export type Roles = Readonly<Record<string, readonly string[]>>

export function planText(plan: readonly Planned[], values: Values, roles: Roles = {}): string {
  return inPageOrder(plan).map(block => blockText(block, values, roles)).join('\n')
}

export function blockText(block: Planned, values: Values, roles: Roles = {}): string {
  const hosts = roles[block.on]?.join(', ') ?? block.on
  const head = [`${block.kind} ${block.name}`, hosts === block.on ? `on ${block.on}` : `on ${block.on} (${hosts})`, ...facts(block), `line ${block.line}`].join(' · ')
  const text = bytesOf(block, values).trimEnd().split('\n').map(line => `  | ${line}`)
  const output = block.output ? ['  prints', ...bytesOf({ ...block, text: block.output.text }, values).split('\n').map(line => `  > ${line}`)] : []
  return [head, ...text, ...output, ''].join('\n')
}

function facts(block: Planned): string[] {
  const { action, exit, polling, background, condition, needs, ready, capture, tags } = block
  return [
    ...action.type === 'file' ? [`writes ${action.path}`] : [],
    ...action.type === 'apply' ? [`kubectl apply${action.serverDryRun ? ' --dry-run=server' : ''}`] : [],
    ...exit === 0 ? [] : [exit === 'fail' ? 'must fail' : `must exit ${exit}`],
    ...polling ? [`tried for ${duration(polling.eventually)}${polling.stable > 1 ? ` until it holds ${polling.stable} times in a row` : ''}`] : [],
    ...block.parallel ? ['on all hosts at once'] : [],
    ...background ? [ready ? `in the background, ready with ${ready.type} ${ready.value}` : 'in the background'] : [],
    ...capture ? [`prints {{${capture.name}}} (${capture.type})`] : [],
    ...condition ? [`if ${condition.fact} is ${condition.value}`] : [],
    ...needs.length > 0 ? [`after ${needs.join(', ')}`] : [],
    ...block.destructive ? ['destroys data'] : [],
    ...block.once ? ['never repeated by itself'] : [],
    ...tags.length > 0 ? [`tags ${tags.join(', ')}`] : [],
    ...block.noRollback ? [`no way back: ${block.noRollback}`] : [],
    ...block.skipReason ? [`never run: ${block.skipReason}`] : [],
  ]
}

export function inPageOrder(plan: readonly Planned[]): Planned[] {
  return plan.toSorted((a, b) => a.line - b.line)
}

/** The block of that name, how it is undone, and the checks that follow it; `plan` in page order. */
export function withItsOwn(plan: readonly Planned[], wanted: string): Planned[] {
  const at = plan.findIndex(({ kind, name }) => name === wanted && kind !== 'rollback')
  const behind = plan.slice(at + 1).filter(({ kind }) => kind !== 'rollback')
  const end = behind.findIndex(({ kind }) => kind !== 'check')
  const checks = behind.slice(0, end < 0 ? undefined : end)
  return plan.filter(block => block.name === wanted || checks.includes(block))
}

/** `3 prechecks, 14 steps, 1 drill` */
export function countsText(plan: readonly Planned[]): string {
  return Object.entries(countKinds(plan))
    .filter(([, count]) => count > 0)
    .map(([kind, count]) => `${count} ${kind === 'skip' ? 'not run' : kind}${count === 1 || kind === 'skip' ? '' : 's'}`)
    .join(', ')
}
