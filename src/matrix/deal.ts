/**
 * Deals cells out to shards so that the last shard ends as early as possible. A shard pays for each lab that it makes, and
 * cells of one lab share it. Pure, and the same on every machine: each shard works out its own part.
 */
import { compareCells, labKey, type Cell } from './cells.ts'

/** Milliseconds that are expected. */
export interface Costs {
  readonly cell: (cell: Cell) => number
  /** Making and removing the lab of the cell. */
  readonly lab: (cell: Cell) => number
}

interface Item {
  readonly cell: Cell
  readonly lab: string
  readonly ms: number
  readonly labMs: number
}

interface Bin {
  readonly items: Item[]
  readonly labs: Set<string>
  ms: number
}

/** As many lists as shards are asked for, also empty ones; each in the order of the cells. */
export function deal(cells: readonly Cell[], count: number, costs: Costs): Cell[][] {
  const items = itemsOf(cells, costs)
  const greedy = longestFirst(items, count)
  return packed(items, count, greedy).map(bin => bin.items.map(({ cell }) => cell).toSorted(compareCells))
}

/** What the cells of one shard take together: its labs, one after the other. */
export function loadOf(cells: readonly Cell[], costs: Costs): number {
  const bin = emptyBin()
  for (const item of itemsOf(cells, costs)) put(bin, item)
  return bin.ms
}

/** Milliseconds until the last shard ends. */
export const makespanOf = (shards: readonly (readonly Cell[])[], costs: Costs): number =>
  Math.max(0, ...shards.map(cells => loadOf(cells, costs)))

/**
 * No way of dealing can end before this. One shard has the longest cell and its lab. And all of the work is done by at most
 * so many shards as there are cells, each of which makes a lab, and each lab is made at least once.
 */
export const lowerBound = (cells: readonly Cell[], count: number, costs: Costs): number => boundOf(itemsOf(cells, costs), count)

function boundOf(items: readonly Item[], count: number): number {
  if (items.length === 0) return 0
  const labs = new Map(items.map(({ lab, labMs }) => [lab, labMs]))
  const used = Math.min(count, items.length)
  const more = Math.max(0, used - labs.size) * Math.min(...labs.values())
  return Math.max(largest(items), (sum(items.map(({ ms }) => ms)) + sum([...labs.values()]) + more) / used)
}

/** The fewest shards of which each ends within `limit` milliseconds; undefined when one cell alone takes longer. */
export function shardsWithin(cells: readonly Cell[], limit: number, costs: Costs): number | undefined {
  const items = itemsOf(cells, costs)
  if (items.length === 0) return 1
  if (largest(items) > limit) return undefined
  let count = 1
  while (boundOf(items, count) > limit) count++
  while (makespanOf(deal(cells, count, costs), costs) > limit) count++
  return count
}

function itemsOf(cells: readonly Cell[], costs: Costs): Item[] {
  return cells.map(cell => ({ cell, lab: labKey(cell), ms: costs.cell(cell), labMs: costs.lab(cell) }))
    .toSorted((a, b) => b.ms - a.ms || compareCells(a.cell, b.cell))
}

/** Each cell, the longest first, goes where it ends soonest (LPT, with the lab's time added where it is not made yet). */
function longestFirst(items: readonly Item[], count: number): Bin[] {
  const bins = Array.from({ length: count }, emptyBin)
  for (const item of items) {
    put(bins.reduce((best, bin) => bin.ms + added(bin, item) < best.ms + added(best, item) ? bin : best), item)
  }
  return bins
}

/** Halvings of the span between the bound and the greedy answer: to a thousandth of it. */
const TRIES = 10

/**
 * Lab by lab, each cell into the first shard that still has room under a limit, which is lowered for as long as all fit
 * (MULTIFIT). That shares labs better than the greedy way, which is kept where it is as good.
 */
function packed(items: readonly Item[], count: number, greedy: Bin[]): Bin[] {
  let best = greedy
  let high = span(greedy)
  let low = boundOf(items, count)
  const groups = Object.values(Object.groupBy(items, ({ lab }) => lab)).filter(group => group !== undefined)
    .toSorted((a, b) => sum(b.map(({ ms }) => ms)) - sum(a.map(({ ms }) => ms)) || compareCells(a[0]!.cell, b[0]!.cell))
  for (let tries = 0; tries < TRIES && high > low; tries++) {
    const limit = (low + high) / 2
    const bins = firstFit(groups, count, limit)
    if (bins === undefined) low = limit
    else {
      best = bins
      high = Math.min(limit, span(bins))
    }
  }
  return best
}

function firstFit(groups: readonly (readonly Item[])[], count: number, limit: number): Bin[] | undefined {
  const bins = Array.from({ length: count }, emptyBin)
  for (const group of groups) {
    for (const item of group) {
      const fits = (bin: Bin): boolean => bin.ms + added(bin, item) <= limit
      const bin = bins.find(one => one.labs.has(item.lab) && fits(one)) ?? bins.find(fits)
      if (bin === undefined) return undefined
      put(bin, item)
    }
  }
  return bins
}

const emptyBin = (): Bin => ({ items: [], labs: new Set(), ms: 0 })
const added = (bin: Bin, { lab, ms, labMs }: Item): number => ms + (bin.labs.has(lab) ? 0 : labMs)
const span = (bins: readonly Bin[]): number => Math.max(0, ...bins.map(({ ms }) => ms))
const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0)
const largest = (items: readonly Item[]): number => items.reduce((most, { ms, labMs }) => Math.max(most, ms + labMs), 0)

function put(bin: Bin, item: Item): void {
  bin.ms += added(bin, item)
  bin.labs.add(item.lab)
  bin.items.push(item)
}
