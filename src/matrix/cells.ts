/** Which runbook is verified where: the cells of the matrix, in one order on every machine. Pure. */
import { BadInput } from '../runbook/errors.ts'
import { topologies } from '../runbook/topologies.ts'
import { didYouMean } from '../runbook/suggest.ts'
import type { ScriptMeta } from '../script/api.ts'

export interface Cell {
  readonly id: string
  readonly target: string
  /** What the lab is made with: of the page, or what was asked for instead. */
  readonly cni: string
  readonly topology: string
  /** Release whose images and chart the page wants to find in the lab, whatever network runs there. */
  readonly cilium?: string
  /** Minor of the HAProxy that hosts are to offer, where one was asked for. */
  readonly haproxy?: string
  /** Agents of the cluster, in place of those of the topology, where so many were asked for. */
  readonly agents?: number
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

export interface Axes {
  readonly targets: readonly string[]
  /** In place of what a page says; a page that needs one of its own runs with that one only. */
  readonly cnis?: readonly string[] | undefined
  /** Releases of Cilium where it is the network, in place of the one that a page was written for. */
  readonly ciliums?: readonly string[] | undefined
  /** Releases of HAProxy for pages that are about it, in place of the one that a page was written for. */
  readonly haproxies?: readonly string[] | undefined
  /** Agents of every cluster, in place of those that a page's topology has. */
  readonly agents?: number | undefined
  /** The reader named these pages: then they run on every target asked for, not only on their own. */
  readonly named: boolean
}

/** @throws BadInput for agents where a page's topology has none */
export function cellsOf(pages: readonly Page[], { targets, cnis, ciliums, haproxies, agents, named }: Axes): Cell[] {
  if (agents !== undefined) for (const { id, topology } of pages) refuseWithoutAgents(id, topology)
  const cells = pages.flatMap(page => targets.filter(target => named || page.targets.includes(target)).flatMap(target =>
    networksOf(page, cnis).flatMap(cni => releasesOf(page, cni, ciliums).flatMap(cilium => haproxiesOf(page, haproxies).map((haproxy): Cell => ({
      id: page.id, target, topology: page.topology, cni, ...cilium === undefined ? {} : { cilium }, ...haproxy === undefined ? {} : { haproxy },
      ...agents === undefined ? {} : { agents },
    }))))))
  // Cells that can share a lab stand together.
  return cells.toSorted(compareCells)
}

function refuseWithoutAgents(id: string, topology: string): void {
  if (topologies[topology]?.includes('agents')) return
  const some = Object.keys(topologies).filter(name => topologies[name]!.includes('agents'))
  throw new BadInput(`received --agents for ${id}, whose topology ${topology} has none; expected pages of ${some.join(' or ')}`)
}

/** One order on every machine. */
export const compareCells = (a: Cell, b: Cell): number => compare(labKey(a), labKey(b)) || compare(a.id, b.id)

/** A page about the way to Cilium has the release among its own values: it keeps it. */
function releasesOf({ versions }: Page, cni: string, asked: readonly string[] | undefined): readonly (string | undefined)[] {
  return asked !== undefined && cni === 'cilium' ? asked : [versions.cilium]
}

/** A page that has no word of HAProxy runs once, whatever was asked for. */
const haproxiesOf = ({ versions }: Page, asked: readonly string[] | undefined): readonly (string | undefined)[] =>
  asked !== undefined && versions.haproxy !== undefined ? asked : [undefined]

/** What tells cells of one page on one target apart, where a network or a release was asked for: `cilium-1.20`, `haproxy-3.2`. */
export function variantOf({ cni, cilium, haproxy }: Cell, asked: { readonly cni: boolean, readonly cilium: boolean, readonly haproxy: boolean }): string | undefined {
  const release = asked.cilium && cni === 'cilium' ? cilium : undefined
  const words = [
    ...asked.cni || release !== undefined ? [cni] : [], ...release === undefined ? [] : [release],
    ...asked.haproxy && haproxy !== undefined ? ['haproxy', haproxy] : [],
  ]
  return words.length === 0 ? undefined : words.join('-')
}

/** Machines without a cluster have no network to choose. */
function networksOf({ cni, topology }: Page, asked: readonly string[] | undefined): readonly string[] {
  if (asked === undefined || topology === 'no-cluster') return [cni]
  return cni === 'any' ? asked : asked.filter(name => name === cni)
}

/** Cells of one key can run one after the other in one lab. */
export const labKey = ({ target, topology, cni, cilium = '', haproxy = '', agents }: Cell): string => [target, topology, cni, cilium, haproxy, agents].join(' ')

export const groupsOf = (cells: readonly Cell[]): Cell[][] => Object.values(Object.groupBy(cells, labKey)) as Cell[][]

const compare = (a: string, b: string): number => a < b ? -1 : a > b ? 1 : 0
