/** The traffic of a verification: measured while the page runs, put beside its blocks, held against the budgets. */
import { account, binsOf, binWidth, gapsOf, joined, type Account, type Gap, type Window } from '../probe/traffic/account.ts'
import { parseRecord } from '../probe/traffic/record.ts'
import { duration } from '../report/duration.ts'
import type { BlockResult, Failure } from '../report/result.ts'
import type { BlockMark, FlowResult, Outage, Traffic, Way } from '../report/traffic.ts'
import { parseDuration } from '../runbook/duration.ts'
import { flowNames, PER_SECOND, type Flow } from '../runbook/traffic.ts'
import type { Measured } from '../target/target.ts'

/** Outages that a result tells by themselves; the bins hold all. */
const TOLD = 20

/** Milliseconds between two gaps of one outage. */
const APART = 1_000

interface Facts {
  readonly blocks: readonly BlockResult[]
  readonly budgets: Readonly<Record<string, string>>
}

/** What was measured, beside the blocks that ran meanwhile. */
export function trafficOf({ from, to, records }: Measured, { blocks, budgets }: Facts): Traffic {
  const whole = { from, to }
  const binMs = binWidth(to - from)
  const back = blocks.filter(({ phase, status }) => phase === 'rollback' && (status === 'ok' || status === 'failed'))
    .map(({ startedAt }) => Date.parse(startedAt)).reduce((first, at) => Math.min(first, at), Infinity)
  const causes = blocks.filter(isCause)
  const flows = records.map(({ flow, from: host, text }): FlowResult => {
    const samples = parseRecord(text)
    const gaps = gapsOf(samples, whole)
    const wayOf = (window: Window): Way => account(samples, gaps, window)
    const budget = budgets[flow]
    return {
      flow, from: host,
      ...budget === undefined ? {} : { budget },
      there: wayOf({ from, to: Math.min(back, to) }),
      ...back < to ? { back: wayOf({ from: back, to }) } : {},
      outages: longest(joined(gaps, APART)).map(gap => outageOf(gap, from, causes)),
      bins: binsOf(samples, whole, binMs),
    }
  })
  return {
    startedAt: new Date(from).toISOString(), durationMs: to - from, perSecond: PER_SECOND,
    ...back < to ? { backAtMs: back - from } : {},
    binMs,
    flows: flows.toSorted((a, b) => flowNames.indexOf(a.flow as Flow) - flowNames.indexOf(b.flow as Flow)),
  }
}

/** Blocks that change something; one that only serves others is none. */
const isCause = ({ kind, status }: BlockResult): boolean =>
  (kind === 'step' || kind === 'drill' || kind === 'rollback') && (status === 'ok' || status === 'failed')

function longest(gaps: readonly Gap[]): Gap[] {
  return gaps.toSorted((a, b) => (b.to - b.from) - (a.to - a.from)).slice(0, TOLD).sort((a, b) => a.from - b.from)
}

function outageOf({ from, to, why }: Gap, zero: number, causes: readonly BlockResult[]): Outage {
  const during = causes.filter(({ startedAt }) => Date.parse(startedAt) <= from)
    .reduce<BlockResult | undefined>((latest, block) => latest && latest.startedAt >= block.startedAt ? latest : block, undefined)
  return { atMs: from - zero, durationMs: to - from, why, ...during ? { during: markOf(during) } : {} }
}

const markOf = ({ kind, name, host, line }: BlockResult): BlockMark => ({ kind, name, host, line })

/** The budget that was exceeded most; undefined when all were kept. */
export function budgetFailure(traffic: Traffic): Failure | undefined {
  const excesses = traffic.flows.flatMap((flow) => {
    const back = traffic.backAtMs ?? traffic.durationMs
    return [
      excessOf(flow, flow.there, { way: 'on the way there', from: 0, to: back }),
      ...flow.back ? [excessOf(flow, flow.back, { way: 'on the way back', from: back, to: traffic.durationMs })] : [],
    ].filter(excess => excess !== undefined)
  })
  return excesses.toSorted((a, b) => b.by - a.by)[0]?.failure
}

interface Leg extends Window {
  readonly way: string
}

function excessOf(flow: FlowResult, { downtimeMs, longestGapMs, sent, failed }: Account, leg: Leg): { by: number, failure: Failure } | undefined {
  const { budget } = flow
  if (budget === undefined) return undefined
  const allowed = parseDuration(budget) ?? Number.parseFloat(budget) / 100 * (leg.to - leg.from)
  if (downtimeMs <= allowed) return undefined
  const outages = flow.outages.filter(({ atMs, durationMs }) => atMs < leg.to && atMs + durationMs > leg.from)
  const worst = outages.toSorted((a, b) => b.durationMs - a.durationMs)[0]
  const { during } = worst ?? {}
  return {
    by: downtimeMs - allowed,
    failure: {
      host: during?.host ?? flow.from, kind: during?.kind ?? 'step', name: during?.name ?? flow.flow, line: during?.line ?? 1,
      message: `${flow.flow} from ${flow.from} was down for ${duration(downtimeMs)} ${leg.way}, which is more than the page allows`,
      received: `${duration(downtimeMs)} in all, ${duration(longestGapMs)} at a time; ${failed} of ${sent} questions failed`,
      expected: `at most ${budget} (downtimeBudget)`,
      tail: outages.map(told).join('\n'),
      hint: `the timeline of the report shows when; the longest outage began ${during ? `during or after ${during.kind} ${during.name}` : 'before the first step'}`,
    },
  }
}

const told = ({ atMs, durationMs, why, during }: Outage): string =>
  `after ${duration(atMs)}: ${duration(durationMs)}, ${why}${during ? `, ${during.kind} ${during.name} on ${during.host}` : ''}`
