/** Which runbook is verified where: the cells of the matrix, in one order on every machine. Pure. */
import { BadInput } from '../../runbook/errors.ts'
import { didYouMean } from '../../runbook/suggest.ts'
import type { ScriptMeta } from '../../script/api.ts'

export interface Cell {
  readonly id: string
  readonly target: string
  /** What the lab is made with: of the page, or what was asked for instead. */
  readonly cni: string
  readonly topology: string
  /** Release whose images and chart the page wants to find in the lab, whatever network runs there. */
  readonly cilium?: string
}

/** `2/5`: the second of five parts. */
export interface Shard {
  readonly index: number
  readonly count: number
}

/** @throws BadInput for anything but `i/n` with 1 <= i <= n */
export function parseShard(text: string): Shard {
  const [, index, count] = (/^(\d+)\/(\d+)$/.exec(text) ?? []).map(Number)
  if (index === undefined || count === undefined || index < 1 || index > count) {
    throw new BadInput(`received --shard ${text}, expected I/N such as 2/5, with I from 1 to N`)
  }
  return { index, count }
}

/** `kind,k3d` as a list. @throws BadInput for a name that is none of `known` */
export function parseList(option: string, text: string, known: readonly string[]): string[] {
  const names = text.split(',').map(name => name.trim()).filter(name => name !== '')
  for (const name of names) {
    if (!known.includes(name)) throw new BadInput(`received ${option} ${name}, expected ${known.join(', ')}${didYouMean(name, known)}`)
  }
  if (names.length === 0) throw new BadInput(`received an empty ${option}, expected some of ${known.join(', ')}`)
  return names
}

type Page = Pick<ScriptMeta, 'id' | 'targets' | 'topology' | 'cni' | 'versions'>

/**
 * @param named the reader named these pages: then they run on every target asked for, not only on their own
 * @param cnis in place of what a page says; a page that needs one of its own runs with that one only
 */
export function cellsOf(
  pages: readonly Page[], { targets, cnis, named }: { readonly targets: readonly string[], readonly cnis?: readonly string[] | undefined, readonly named: boolean },
): Cell[] {
  const cells = pages.flatMap(page => targets.filter(target => named || page.targets.includes(target)).flatMap(target =>
    networksOf(page, cnis).map((cni): Cell => ({
      id: page.id, target, topology: page.topology, cni, ...page.versions.cilium === undefined ? {} : { cilium: page.versions.cilium },
    }))))
  // Cells that can share a lab stand together.
  return cells.toSorted((a, b) => compare(labKey(a), labKey(b)) || compare(a.id, b.id))
}

function networksOf({ cni }: Page, asked: readonly string[] | undefined): readonly string[] {
  if (asked === undefined) return [cni]
  return cni === 'any' ? asked : asked.filter(name => name === cni)
}

/** Cells of one key can run one after the other in one lab. */
export const labKey = ({ target, topology, cni, cilium = '' }: Cell): string => [target, topology, cni, cilium].join(' ')

/**
 * The part of the cells that is one shard's. Cells of one lab are dealt out together, the largest such group first to
 * the shard that has least, so that no lab is made twice.
 */
export function shardOf(cells: readonly Cell[], { index, count }: Shard): Cell[] {
  const shards = Array.from({ length: count }, (): Cell[] => [])
  for (const group of groupsOf(cells).toSorted((a, b) => b.length - a.length)) {
    shards.reduce((least, shard) => shard.length < least.length ? shard : least).push(...group)
  }
  return shards[index - 1] ?? []
}

export const groupsOf = (cells: readonly Cell[]): Cell[][] => Object.values(Object.groupBy(cells, labKey)) as Cell[][]

const compare = (a: string, b: string): number => a < b ? -1 : a > b ? 1 : 0
