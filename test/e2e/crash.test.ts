/**
 * kill -9 of the runner at the boundaries of a 12-step runbook, then `run --resume`: what is on the machine and what the
 * journal says must equal a run that nobody disturbed, and no step may have run twice without being asked.
 * PROOFBOOK_LONG=1 goes through every moment of every line; otherwise a part of them, chosen by PROOFBOOK_SEED.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test, vi } from 'vitest'
import type { Fact } from '../../src/run/journal/facts.ts'
import { book, fence, type Book } from './cli-book.ts'

const STEPS = Array.from({ length: 12 }, (_, i) => `s${i + 1}`)
/** Has no check: only the reader can tell whether it was done. */
const BLIND = 's4'

const textOf = (step: string): string => `echo ${step} >> ran
[ ! -e pause-${step} ] || { echo $$ > began; until [ -e go ]; do sleep 0.02; done; }
touch did-${step}`

const PAGE = [
  fence('bash precheck=untouched', 'test ! -e did-s1'),
  ...STEPS.map(step => fence(`bash step=${step}`, textOf(step))
    + fence(`bash rollback=${step}`, `rm did-${step}`)
    + (step === BLIND ? '' : fence(`bash check=${step}-done${step === 's11' ? ' eventually=1s' : ''}`, `test -e did-${step}`))),
].join('\n')

const RUN = ['run', 'a/page', '--target', 'local', '--yes']
const RESUME = ['run', '--resume', 'last', '--yes']
const preload = join(import.meta.dirname, 'crash-preload.mjs')

interface Line { readonly seq: number, readonly event: string, readonly kind?: string, readonly name?: string }

/** What a run has done: files on the machine, and each block of the journal without times. */
async function outcome({ folder, cli }: Book): Promise<object> {
  const { blocks, end } = JSON.parse((await cli(['runs', 'show', 'last', '--json'])).stdout) as { blocks: Fact[], end: string }
  return {
    files: readdirSync(folder).filter(name => name.startsWith('did-')).toSorted(),
    ended: end.replace(/ in .*/, ''),
    blocks: blocks.map(({ phase, kind, name, host, line, state }) => ({ phase, kind, name, host, line, state })),
  }
}

const ranOf = ({ folder }: Book): string[] => existsSync(join(folder, 'ran')) ? readFileSync(join(folder, 'ran'), 'utf8').trim().split('\n') : []

/** Goes on until the run has ended, deciding as a reader would who looks at the machine. Tells which steps were asked for. */
async function goOn(one: Book): Promise<{ done: string[], again: string[] }> {
  const said = { done: [] as string[], again: [] as string[] }
  for (let tries = 0, flags: string[] = []; tries < 4; tries++) {
    const { exit, stderr } = await one.cli([...RESUME, ...flags])
    if (exit === 0) return said
    const [, step = ''] = /--again (\S+)/.exec(stderr) ?? []
    expect({ exit, named: STEPS.includes(step), stderr }).toMatchObject({ exit: 3, named: true })
    const did = existsSync(join(one.folder, `did-${step}`))
    said[did ? 'done' : 'again'].push(step)
    flags = [did ? '--done' : '--again', step]
  }
  throw new Error('the run did not come to an end')
}

let undisturbed: object
let lines: readonly Line[]
const cases: { at: string, line: Line }[] = []

beforeAll(async () => {
  const cleanUp: (() => void)[] = []
  const one = book({ 'a/page': PAGE }, '', undo => cleanUp.push(undo))
  expect((await one.cli(RUN)).exit).toBe(0)
  undisturbed = await outcome(one)
  const [run = ''] = readdirSync(one.runs)
  lines = readFileSync(join(one.runs, run, 'journal.jsonl'), 'utf8').trim().split('\n').map(line => JSON.parse(line) as Line)
  for (const undo of cleanUp) undo()
  for (const line of lines) {
    const changes = line.event === 'start' && line.kind === 'step'
    const moments = ['before', 'torn', 'written', ...changes ? ['synced'] : [], ...changes ? ['during'] : []]
    cases.push(...moments.map(moment => ({ at: `${moment}:${line.seq}`, line })))
  }
})

/** Mulberry32: the same part for the same seed. */
function chosen<T>(all: readonly T[], count: number, seed: number): T[] {
  const next = (): number => {
    seed = (seed + 0x6D2B79F5) | 0
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
  return all.map(item => ({ item, rank: next() })).toSorted((a, b) => a.rank - b.rank).slice(0, count).map(({ item }) => item)
}

/** The machine must have ended the step that was in flight, although what holds it up never comes. Then it may come. */
async function cutShort({ folder }: Book, step: string): Promise<void> {
  const pid = readFileSync(join(folder, 'began'), 'utf8').trim()
  await vi.waitUntil(() => !existsSync(`/proc/${pid}`), { timeout: 10_000, interval: 20 })
  expect(existsSync(join(folder, `did-${step}`)), `${step} was cut short`).toBe(false)
  writeFileSync(join(folder, 'go'), '')
}

async function crashAt(at: string, line: Line): Promise<void> {
  const one = book({ 'a/page': PAGE })
  const [moment] = at.split(':')
  const during = moment === 'during'
  if (during) writeFileSync(join(one.folder, `pause-${line.name}`), '')
  const { exit } = await one.cli(RUN, { CRASH_AT: at, NODE_OPTIONS: `--import=${preload}` })
  expect(exit, 'it was killed').toBe(null)
  const before = ranOf(one)
  if (during) await cutShort(one, line.name!)

  if (line.seq === 1 && moment !== 'written') {
    const { exit: refused, stderr } = await one.cli(RESUME)
    expect({ refused, stderr }).toMatchObject({ refused: 2, stderr: expect.stringContaining('run the page anew') })
    expect(before).toEqual([])
    return
  }
  const said = await goOn(one)
  expect(await outcome(one)).toEqual(undisturbed)
  // Twice only when somebody who saw that it was not done said so.
  const allowed = [...STEPS, ...said.again.filter(step => before.includes(step))]
  expect(ranOf(one).toSorted()).toEqual(allowed.toSorted())
  expect(said.done.filter(step => step !== BLIND), 'a check that holds decides').toEqual([])
}

test('the moments are those of 12 steps, 11 checks and a precheck', () => {
  expect(lines.filter(({ event, kind }) => event === 'start' && kind === 'step')).toHaveLength(12)
  expect(cases.length).toBeGreaterThan(150)
})

const long = process.env.PROOFBOOK_LONG === '1'

test(long ? 'at every moment' : 'at some moments of each sort', async () => {
  const seed = Number(process.env.PROOFBOOK_SEED ?? 1)
  const sorts = ['before', 'torn', 'written', 'synced', 'during']
  const part = long ? cases : sorts.flatMap((sort, index) => chosen(cases.filter(({ at }) => at.startsWith(sort)), 2, seed + index))
  for (const { at, line } of part) {
    try {
      await crashAt(at, line)
    } catch (error) {
      throw new Error(`killed at ${at} (${line.event} ${line.kind ?? ''} ${line.name ?? ''}): ${(error as Error).message}`, { cause: error })
    }
  }
})

describe('the proof itself', () => {
  test('a step that runs twice is seen', async () => {
    const one = book({ 'a/page': PAGE })
    const at = lines.find(({ event, name }) => event === 'start' && name === BLIND)!
    await one.cli(RUN, { CRASH_AT: `before:${at.seq + 1}`, NODE_OPTIONS: `--import=${preload}` })
    expect(existsSync(join(one.folder, `did-${BLIND}`))).toBe(true)
    // It is done, and the reader says wrongly that it is not.
    expect((await one.cli([...RESUME, '--again', BLIND])).exit).toBe(0)
    expect(ranOf(one).filter(step => step === BLIND)).toHaveLength(2)
  })
})
