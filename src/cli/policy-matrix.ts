/** `proofbook policy matrix`. */
import { writeFile } from 'node:fs/promises'
import { duration } from '../report/duration.ts'
import { BadInput } from '../runbook/errors.ts'
import { openBench } from '../policy/bench.ts'
import { flowText, podOf, type Flow } from '../policy/flow.ts'
import { summaryOf, type Cell } from '../policy/judge.ts'
import { matrixJunit } from '../policy/junit.ts'
import { measure } from '../policy/measure.ts'
import { enforcerOf } from '../policy/network.ts'
import { matrixSvg } from '../policy/svg.ts'
import { matrixText } from '../policy/text.ts'
import type { MatrixFlags } from './commands/policy.ts'
import { interruptible } from './interrupt.ts'
import { print, printJson } from './output.ts'
import { paint } from './paint.ts'
import { clusterFor } from './policy-cluster.ts'
import { openMatrix } from './policy-files.ts'
import { createProgress } from './progress.ts'

/** Exit 1 when a cell is not as expected, and when nothing could be measured. */
export async function policyMatrix(file: string, flags: MatrixFlags): Promise<void> {
  const timeout = seconds('--timeout', flags.timeout, 1, 30)
  const within = seconds('--within', flags.within, 1, 600) * 1000
  const matrix = await openMatrix(file)
  const screen = createProgress()
  using interrupt = interruptible(screen.note)
  const { signal } = interrupt
  const kubectl = await clusterFor(flags, screen, signal)

  const { cells, ms, passes, enforcer } = await screen.stage(`measure ${matrix.flows.length} cells of ${file}`, async (update) => {
    update('start pods')
    await using bench = await openBench(kubectl, matrix, { signal })
    const measured = await measure(bench, matrix.flows, { timeout, within, tell: update })
    update('remove the pods')
    return { ...measured, enforcer: await enforcerOf(kubectl) }
  })

  const summary = summaryOf(cells)
  if (flags.junit !== undefined) await writeFile(flags.junit, matrixJunit(file, cells, ms))
  if (flags.svg !== undefined) await writeFile(flags.svg, matrixSvg(file, cells))
  if (summary.differ > 0 || summary.held === 0) process.exitCode = 1
  if (flags.json) return printJson('policy matrix', { file, summary, enforcer, ms: Math.round(ms), passes, cells: cells.map(cellData) })
  const colours = { held: 'green', differs: 'red', unasked: 'yellow' } as const
  print([
    matrixText(cells, (kind, text) => paint(colours[kind], text, process.stdout)),
    `measured in ${duration(ms)}: ${passes} passes, ${(ms / passes / cells.length).toFixed(1)} ms a cell and pass`,
    `NetworkPolicy: ${summary.enforced === undefined ? 'no flow was expected to stop' : summary.enforced ? 'enforced' : 'NOT enforced: no policy stopped anything'}; enforcer: ${enforcer}`,
  ].join('\n'))
}

const nameOf = ({ to }: Flow): string => {
  const pod = podOf(to)
  return pod === undefined ? to.name : `${pod.namespace}/${pod.name}`
}

const cellData = ({ flow, outcome, ok, why, before, during, after }: Cell): object => ({
  flow: flowText(flow), from: `${flow.from.namespace}/${flow.from.name}`, to: nameOf(flow), port: flow.port, protocol: flow.protocol,
  byName: flow.byName, expect: flow.expect, because: flow.why, outcome, ok, why, before, during, after,
})

function seconds(flag: string, given: string, min: number, max: number): number {
  const value = Number(given)
  if (!Number.isInteger(value) || value < min || value > max) throw new BadInput(`received ${flag} ${given}, expected whole seconds, ${min} to ${max}`)
  return value
}
