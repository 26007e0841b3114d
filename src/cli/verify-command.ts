/** `proofbook verify`: pages, values, machine, labs, runs, results, and the labs gone again. */
import { duration } from '../report/duration.ts'
import { BadInput } from '../runbook/errors.ts'
import { planOf } from '../run/plan.ts'
import { select } from '../run/select.ts'
import type { VerifyFlags } from './commands/verify.ts'
import { verdictLine } from './failure.ts'
import { exitCodeFor } from './file-result.ts'
import { interruptible } from './interrupt.ts'
import { print, printJson } from './output.ts'
import { createProgress } from './progress.ts'
import { project } from './project.ts'
import { openScript } from './script.ts'
import { givenValues } from './values.ts'
import { affected, changedSince } from './verify/affected.ts'
import { cellsOf, parseList, parseShard, type Cell } from '../matrix/cells.ts'
import { deal } from '../matrix/deal.ts'
import { chosenRunbooks, type Chosen } from './chosen.ts'
import { axesOf, committedCosts } from './axes.ts'
import { prepare } from './verify/prepare.ts'
import { proveAll, type Page } from './verify/prove-all.ts'
import { refuseRecord } from './verify/refuse-record.ts'
import { reports, type Report } from './verify/reports.ts'
import type { Proven } from './verify/one.ts'

export async function verifyCommand(words: readonly string[], flags: VerifyFlags): Promise<void> {
  const started = performance.now()
  const chosen = await chosenRunbooks(words)
  const axes = axesOf(flags, chosen)
  const written = (flags.report === undefined ? [] : parseList('--report', flags.report, reports.map(({ name }) => name)))
    .map(name => reports.find(report => report.name === name)!)
  const parallel = positive('--parallel', flags.parallel)
  refuseRecord(flags)
  const pages = await openPages(await changed(chosen, flags.since), flags)
  const all = cellsOf([...pages.values()].map(({ page }) => page.script.meta), axes)
  const cells = flags.shard === undefined ? all : await shardOf(all, flags.shard)
  if (flags.list) return printCells(cells, flags)
  if (cells.length === 0) return print('nothing to verify: no page is affected, or none is for this target')
  refusePartial(cells, flags)

  const screen = createProgress()
  using interrupt = interruptible(screen.note)
  await prepare(screen, flags, interrupt.signal)
  const parts = parallel === 1 ? [cells] : deal(cells, parallel, await committedCosts()).filter(part => part.length > 0)
  const proven = await proveAll(parts, pages, {
    screen, signal: interrupt.signal, flags, project: project(), retries: positive('--retries', flags.retries, 0),
    asked: { cni: axes.cnis !== undefined, cilium: axes.ciliums !== undefined, haproxy: axes.haproxies !== undefined },
  })
  await tell(proven, written, flags, started)
}

/** Those of them that a change since then can have broken. */
async function changed({ ids, pages }: Chosen, since: string | undefined): Promise<readonly string[]> {
  if (since === undefined) return ids
  return affected(pages, await changedSince(since)).map(({ id }) => id)
}

/** The part of one shard, as `matrix` plans it. */
async function shardOf(cells: readonly Cell[], text: string): Promise<readonly Cell[]> {
  const { index, count } = parseShard(text)
  return deal(cells, count, await committedCosts())[index - 1]!
}

async function openPages(ids: readonly string[], flags: VerifyFlags): Promise<Map<string, Page>> {
  const pages = new Map<string, Page>()
  for (const id of ids) {
    const page = await openScript(id)
    const plan = await planOf(page.script)
    if (flags.from !== undefined) select(plan, { from: flags.from })
    pages.set(page.script.meta.id, { page, plan, given: await givenValues(page.script.meta.variables, flags) })
  }
  return pages
}

async function tell(proven: readonly Proven[], written: readonly Report[], flags: VerifyFlags, started: number): Promise<void> {
  const folder = flags.reportDir
  const files = await Promise.all(written.map(async report => [report.name, await report.write(folder, proven)] as const))
  // The gravest: a page that failed says more than a lab that broke.
  const codes = proven.map(({ result }) => exitCodeFor(result, flags.from !== undefined))
  process.exitCode = [130, 1, 4, 3].find(code => codes.includes(code)) ?? 0
  const [only] = proven
  if (flags.json) {
    return proven.length === 1 && only !== undefined
      ? printJson('verify', { result: only.result, files: { ...only.files, ...Object.fromEntries(files) } })
      : printJson('verify', { results: proven, files: Object.fromEntries(files) })
  }
  if (proven.length > 1) {
    for (const { result } of proven) print(verdictLine(result, duration(result.durationMs)))
    const count = proven.filter(({ result }) => result.verdict === 'verified').length
    print(`${count} of ${proven.length} verified, in ${duration(performance.now() - started)}`)
  }
  for (const [what, file] of files) print(`         ${what.padEnd(8)} ${file}`)
}

function printCells(cells: readonly Cell[], { json }: VerifyFlags): void {
  if (json) printJson('verify', { cells })
  else for (const { id, target, topology, cni, cilium, haproxy, agents } of cells) {
    print(`${id} on ${target} (${[topology, ...agents === undefined ? [] : [`${agents} agents`], `CNI ${cni}`, ...cilium === undefined ? [] : [`Cilium ${cilium}`], ...haproxy === undefined ? [] : [`HAProxy ${haproxy}`]].join(', ')})`)
  }
}

function positive(option: string, text: string | undefined, least = 1): number {
  const number = text === undefined ? least : Number(text)
  if (Number.isInteger(number) && number >= least) return number
  throw new BadInput(`received ${option} ${text}, expected a whole number from ${least} on`)
}

/** What concerns one run cannot be asked of several. */
function refusePartial(cells: readonly Cell[], { from, junit }: VerifyFlags): void {
  if (cells.length === 1) return
  if (from !== undefined) throw new BadInput(`received --from for ${cells.length} runs, expected one runbook on one target`)
  if (junit !== undefined) throw new BadInput(`received --junit for ${cells.length} runs, expected --report junit, which writes one file about all`)
}
