/** `proofbook matrix`: the cells of the book, dealt out to shards, in the words of whatever runs them. */
import { shardsWithin } from '../matrix/deal.ts'
import { cellsOf, groupsOf } from '../matrix/cells.ts'
import { engines } from '../matrix/engines/index.ts'
import type { Engine } from '../matrix/engines/engine.ts'
import { matrixPlan, type MatrixPlan } from '../matrix/plan.ts'
import { duration } from '../report/duration.ts'
import { DURATION_FORM, parseDuration } from '../runbook/duration.ts'
import { BadInput } from '../runbook/errors.ts'
import { didYouMean } from '../runbook/suggest.ts'
import { axesOf, committedCosts } from './axes.ts'
import { chosenRunbooks } from './chosen.ts'
import { openRunbook } from './book.ts'
import type { MatrixFlags } from './commands/matrix.ts'
import { columns, print, printJson } from './output.ts'

export async function matrixCommand(words: readonly string[], flags: MatrixFlags): Promise<void> {
  const chosen = await chosenRunbooks(words)
  const axes = axesOf(flags, chosen)
  const engine = flags.format === undefined ? undefined : engineNamed(flags.format)
  const cells = cellsOf(await Promise.all(chosen.ids.map(async id => openRunbook(id))), axes)
  const costs = await committedCosts()
  const count = flags.within === undefined
    ? wholeNumber('--shards', flags.shards ?? '1')
    : shardsWithin(cells, milliseconds(flags.within), costs) ?? tooLong(flags.within)
  refuseMore(engine, count)
  const plan = matrixPlan(cells, count, costs, wordsOf(words, flags))
  if (engine !== undefined) return print(engine.write(plan, flags))
  if (flags.json) return printJson('matrix', plan)
  print(tableOf(plan))
}

/** What each shard's `verify` has to be told to come to the same cells. */
function wordsOf(ids: readonly string[], { on, cni, ciliumVersion, haproxyVersion }: MatrixFlags): string[] {
  const asked = { '--cni': cni, '--cilium-version': ciliumVersion, '--haproxy-version': haproxyVersion }
  return [...ids, '--on', on, ...Object.entries(asked).flatMap(([option, value]) => value === undefined ? [] : [option, value])]
}

function tableOf({ shards, makespanMs, lowerBoundMs }: MatrixPlan): string {
  const cells = shards.reduce((sum, shard) => sum + shard.cells.length, 0)
  return [
    columns([['shard', 'expected', 'labs', 'cells'], ...shards.map(({ shard, expectedMs, cells: own }) =>
      [shard, duration(expectedMs), String(groupsOf(own).length), own.map(({ id, target, cni, cilium, haproxy }) => `${id} (${[target, cni, cilium, haproxy && `HAProxy ${haproxy}`].filter(Boolean).join(' ')})`).join(', ')])]),
    `${cells} cells in ${shards.length} ${shards.length === 1 ? 'shard' : 'shards'}: the last ends after ${duration(makespanMs)}, no way of dealing before ${duration(lowerBoundMs)}`,
  ].join('\n')
}

function engineNamed(name: string): Engine {
  const known = engines.map(engine => engine.name)
  const found = engines.find(engine => engine.name === name)
  if (found === undefined) throw new BadInput(`received --format ${name}, expected ${known.join(', ')}${didYouMean(name, known)}`)
  return found
}

function refuseMore(engine: Engine | undefined, count: number): void {
  if (engine?.most === undefined || count <= engine.most) return
  throw new BadInput(`received ${count} shards for ${engine.name}, which takes at most ${engine.most} jobs of one matrix: `
    + 'give fewer --shards, a longer --within, or call it once for each chapter')
}

function wholeNumber(option: string, text: string): number {
  const number = Number(text)
  if (Number.isInteger(number) && number >= 1 && number <= 10_000) return number
  throw new BadInput(`received ${option} ${text}, expected a whole number from 1 to 10000`)
}

function milliseconds(text: string): number {
  const ms = parseDuration(text)
  if (ms === undefined) throw new BadInput(`received --within ${text}, expected ${DURATION_FORM}`)
  return ms
}

function tooLong(within: string): never {
  throw new BadInput(`received --within ${within}, and the longest runbook with its lab takes longer: \`proofbook matrix --shards 1\` tells how long`)
}
