/** `proofbook lab logs`. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { hostThatIsOn } from '../lab/host-on.ts'
import type { Lab } from '../lab/lab.ts'
import { exportLogs } from '../lab/logs/export.ts'
import { hostSource, podSource, SINCE, type LogSource } from '../lab/logs/sources.ts'
import { BadInput } from '../runbook/errors.ts'
import type { LogsFlags } from './commands/lab-logs.ts'
import { interruptible } from './interrupt.ts'
import { existing } from './lab-command.ts'
import { print } from './output.ts'
import { createProgress } from './progress.ts'

export async function logs(what: readonly string[], flags: LogsFlags): Promise<void> {
  if (flags.since !== undefined && !SINCE.test(flags.since)) {
    throw new BadInput(`received --since ${flags.since}, expected a number and s, m or h, e.g. 10m`)
  }
  const lab = await existing(flags.lab)
  if (flags.export !== undefined) return exportAll(lab, flags.export)
  const wanted = what.length > 0 ? what : lab.topology.hosts.map(({ name }) => name)
  const sources = await Promise.all(wanted.map(name => sourceOf(lab, name, flags)))
  const codes = flags.follow === true
    ? await Promise.all(sources.map(source => show(source, sources.length > 1)))
    : await inTurn(sources)
  process.exitCode = Math.max(0, ...codes)
}

async function exportAll(lab: Lab, folder: string): Promise<void> {
  const screen = createProgress()
  using interrupt = interruptible(screen.note)
  print(await screen.stage(`gather the logs of lab ${lab.name}`, () => exportLogs(lab, folder, interrupt.signal)))
}

async function sourceOf(lab: Lab, name: string, flags: LogsFlags): Promise<LogSource> {
  if (name.includes('/')) return podSource(lab, name, flags.namespace, flags)
  await hostThatIsOn(lab, name)
  return hostSource(lab, name, flags)
}

async function inTurn(sources: readonly LogSource[]): Promise<number[]> {
  const codes: number[] = []
  for (const source of sources) codes.push(await show(source, sources.length > 1))
  return codes
}

/** Shows one log as it comes; with its name before each line where there are others. @returns the exit code */
async function show({ name, argv: [program = '', ...args] }: LogSource, named: boolean): Promise<number> {
  // The standard input stays open and empty: what ends with it must not end yet.
  const child = spawn(program, args, { stdio: ['pipe', named ? 'pipe' : 'inherit', named ? 'pipe' : 'inherit'] })
  for (const [from, to] of [[child.stdout, process.stdout], [child.stderr, process.stderr]] as const) {
    if (from) createInterface({ input: from }).on('line', line => to.write(`${name} | ${line}\n`))
  }
  const [code] = await once(child, 'close') as [number | null]
  return code ?? 130
}
