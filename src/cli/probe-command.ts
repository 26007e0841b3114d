/** `proofbook lab probe`. */
import { LabError } from '../lab/errors.ts'
import { find } from '../lab/lab.ts'
import { bringProbeImage, clientOf, shortNames } from '../lab/probe.ts'
import { openBench } from '../probe/bench.ts'
import { benchFor, measureCluster } from '../probe/cluster.ts'
import { measureEnforcement, verdictOf, type Enforcement } from '../probe/enforcement.ts'
import type { ProbeResult } from '../probe/result.ts'
import { BadInput } from '../runbook/errors.ts'
import { interruptible } from './interrupt.ts'
import { columns, print, printJson } from './output.ts'
import { createProgress } from './progress.ts'

interface Flags {
  readonly lab: string
  readonly json?: boolean
  readonly expect?: string
}

/** Exit 1 when something does not work, or when NetworkPolicy is not as `--expect` says. */
export async function labProbe({ lab: name, json, expect }: Flags): Promise<void> {
  if (expect !== undefined && expect !== 'enforced' && expect !== 'not-enforced') {
    throw new BadInput(`received --expect ${expect}, expected enforced or not-enforced`)
  }
  const lab = await find(name)
  if (lab === undefined) throw new LabError(`no lab "${name}" is up; bring it up: npx proofbook lab up${name === 'lab' ? '' : ` --lab ${name}`}`)
  const screen = createProgress()
  using interrupt = interruptible(screen.note)
  const { signal } = interrupt

  await bringProbeImage(lab, screen, signal)
  const { results, enforcement } = await screen.stage(`probe the network of lab ${name}`, async (update) => {
    update('start pods on every node')
    await using bench = await openBench(lab.kubectl, await benchFor(lab.kubectl, { signal }))
    update('ask pods, nodes and the client')
    const measured = await measureCluster(bench, { client: clientOf(lab) })
    update('try a NetworkPolicy')
    const policy = await measureEnforcement(lab.kubectl, bench, { signal })
    update('remove the pods')
    return { results: measured, enforcement: policy }
  })

  const short = shortNames(lab)
  const shown = <Name extends string>(all: readonly ProbeResult<Name>[]): ProbeResult<Name>[] =>
    all.map(result => ({ ...result, from: short(result.from), to: short(result.to) }))
  const flows = shown(enforcement.results)
  // Said again with the lab's names of nodes; without any flow it was said by the nodes themselves.
  const policy: Enforcement = { ...enforcement, ...flows.length > 0 ? verdictOf(flows) : {}, results: flows }
  const failed = results.filter(({ ok }) => ok === false).length
  if (failed > 0 || (expect !== undefined && policy.verdict !== expect)) process.exitCode = 1
  if (json) return printJson('lab probe', { lab: name, results: shown(results), enforcement: policy })
  print(probeText(shown(results), policy))
}

export function probeText(results: readonly ProbeResult[], { verdict, why }: Enforcement): string {
  const failed = results.filter(({ ok }) => ok === false).length
  const unasked = results.filter(({ ok }) => ok === null).length
  return [
    columns(results.map(({ name, from, to, ok, ms, detail }) =>
      [ok === null ? '-' : ok ? 'ok' : 'FAIL', name, to === '' ? from : `${from} -> ${to}`, `${ms} ms`, detail])),
    `${results.length - failed - unasked} ok, ${failed} failed${unasked > 0 ? `, ${unasked} could not be asked` : ''}`,
    `NetworkPolicy: ${verdict}: ${why}`,
  ].join('\n')
}
