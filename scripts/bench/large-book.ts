/** A large book and its night, made up of what was really recorded: for `npm run bench:matrix`. Pure. */
import type { Cell } from '../../src/matrix/cells.ts'
import { deal, loadOf, lowerBound, makespanOf, shardsWithin, type Costs } from '../../src/matrix/deal.ts'

const MINUTE = 60_000

/** A page that was recorded: its lab and how long it took, in milliseconds. */
export interface Sample {
  readonly topology: string
  readonly cni: string
  readonly ms: number
}

/** Two targets, two releases of Kubernetes, and Flannel or one of two releases of Cilium: twelve cells a page. */
const TARGETS = ['kind 1.36', 'kind 1.37', 'k3d 1.36', 'k3d 1.37']
const NETWORKS: readonly Pick<Cell, 'cni' | 'cilium'>[] = [{ cni: 'flannel' }, { cni: 'cilium', cilium: '1.19' }, { cni: 'cilium', cilium: '1.20' }]

/** The same numbers on every machine: a linear congruential generator (Numerical Recipes), from 0 to 1. */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

export interface Book {
  readonly cells: readonly Cell[]
  readonly costs: Costs
}

/** Each page takes its lab and time from one of the samples, drawn by chance; the same on each of its twelve cells. */
export function largeBook(samples: readonly Sample[], pages: number, lab: Costs['lab'], random: () => number): Book {
  const drawn = Array.from({ length: pages }, () => samples[Math.floor(random() * samples.length)]!)
  const cells = drawn.flatMap(({ topology }, page) => TARGETS.flatMap(target => NETWORKS.map((network): Cell => ({ id: `page-${String(page).padStart(4, '0')}`, target, topology, ...network }))))
  return { cells, costs: { cell: ({ id }) => drawn[Number(id.slice('page-'.length))]!.ms, lab } }
}

export interface Terms {
  /** By which the night must be over, in milliseconds. */
  readonly limit: number
  /** Of each machine, before its first lab. */
  readonly start: number
  /** Dollars for each begun minute of a machine. */
  readonly price: number
}

export interface Night {
  readonly runners: number
  readonly cells: number
  readonly labs: number
  /** With the start of the machines. */
  readonly makespan: number
  readonly bound: number
  readonly dollars: number
  /** When every cell takes another time than the recorded one. */
  readonly jittered: { readonly makespan: number, readonly bound: number }
}

/** @param jitter what the time of a cell is multiplied with */
export function nightOf({ cells, costs }: Book, { limit, start, price }: Terms, jitter: (cell: Cell) => number): Night {
  const runners = shardsWithin(cells, limit - start, costs)
  if (runners === undefined) throw new Error(`received a cell that takes longer than ${(limit - start) / MINUTE} minutes`)
  const shards = deal(cells, runners, costs)
  const factor = new Map(cells.map(cell => [cell, jitter(cell)]))
  const real: Costs = { ...costs, cell: cell => costs.cell(cell) * factor.get(cell)! }
  return {
    runners, cells: cells.length,
    labs: shards.reduce((sum, own) => sum + new Set(own.map(({ target, topology, cni, cilium }) => [target, topology, cni, cilium].join())).size, 0),
    makespan: start + makespanOf(shards, costs), bound: start + lowerBound(cells, runners, costs),
    dollars: price * shards.reduce((sum, own) => sum + Math.ceil((start + loadOf(own, costs)) / MINUTE), 0),
    jittered: { makespan: start + makespanOf(shards, real), bound: start + lowerBound(cells, runners, real) },
  }
}
