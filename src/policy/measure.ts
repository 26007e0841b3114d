/** Three measurements of every flow: without the policies, with them, and without them again. */
import type { Bench } from './bench.ts'
import type { Flow } from './flow.ts'
import { holds, judge, type Cell } from './judge.ts'
import type { Answer } from './script.ts'

export interface MeasureOptions {
  /** Milliseconds that the network has to make policies work and to forget them. */
  readonly within?: number
  /** Seconds after which a flow without an answer is dropped. */
  readonly timeout?: number
  readonly tell?: (doing: string) => void
}

export interface Measured {
  readonly cells: readonly Cell[]
  /** Milliseconds for all passes, and how many there were of all flows. */
  readonly ms: number
  readonly passes: number
}

/** In the order of the flows. */
export async function measure(bench: Bench, flows: readonly Flow[], { within = 20_000, timeout = 1, tell = () => undefined }: MeasureOptions = {}): Promise<Measured> {
  const started = performance.now()
  let passes = 0
  const pass = (what: string): Promise<Answer[]> => {
    passes++
    tell(`${what}: ${flows.length} cells`)
    return bench.ask(flows, timeout)
  }
  /** Asks those again that do not hold, until they do or time is over. */
  const settle = async (answers: Answer[], fine: (flow: Flow, answer: Answer) => boolean): Promise<boolean> => {
    for (const end = performance.now() + within; ;) {
      const open = flows.flatMap((flow, index) => fine(flow, answers[index]!) ? [] : [index])
      if (open.length === 0) return true
      if (performance.now() >= end) return false
      tell(`${open.length} of ${flows.length} cells once more`)
      const again = await bench.ask(open.map(index => flows[index]!), timeout)
      open.forEach((index, number) => { answers[index] = again[number]! })
    }
  }
  const allowed = (_: Flow, { outcome }: Answer): boolean => outcome === 'allow' || outcome === 'unsupported'

  const before = await pass('without the policies')
  await settle(before, allowed)
  await bench.apply()
  // A flow that was asked before the policies worked proves nothing: once all have settled, all are asked again.
  let during = await pass('with the policies')
  for (const end = performance.now() + within; ;) {
    const settled = await settle(during, (flow, answer) => answer.outcome === 'unsupported' || holds(flow, answer))
    if (!settled) break
    during = await pass('with the policies, once more')
    if (flows.every((flow, index) => during[index]!.outcome === 'unsupported' || holds(flow, during[index]!)) || performance.now() >= end) break
  }
  await bench.lift()
  const after = await pass('without the policies again')
  await settle(after, allowed)
  const cells = flows.map((flow, index) => judge(flow, before[index]!, during[index]!, after[index]!))
  return { cells, ms: performance.now() - started, passes }
}
