/** What the night tries beside the pins: the newest patch and the newest minor of each, with pages that would notice. */
import { loadOf, type Costs } from '../../../src/matrix/deal.ts'
import { labKey, type Cell } from '../../../src/matrix/cells.ts'
import type { Component } from '../../../src/versions/components.ts'
import { minorOf, newerThan, releaseOf } from '../../../src/versions/release.ts'
import type { Seen } from '../../../src/versions/registries.ts'

export interface Release {
  readonly component: string
  /** The pin that it would replace. */
  readonly from: string
  readonly to: string
  readonly newest: 'patch' | 'minor'
}

export interface Candidate extends Release {
  readonly runbooks: readonly string[]
  /** How many pages it touches. */
  readonly of: number
  /** More words for `verify`, without which its labs would run another release. */
  readonly words: readonly string[]
  /** It is part of a node image: it shows only in one that is built here. */
  readonly build: boolean
}

/** A page says for which Cilium it is; of two that are pinned the lab takes that one. */
export const wordsFor = ({ component, to }: Release): string[] => component === 'cilium' ? ['--cilium-version', minorOf(releaseOf(to)!)] : []

/** Each once, however many pins it is newer than. Pure. */
export function releasesOf({ name, pins }: Pick<Component, 'name' | 'pins'>, seen: Seen): Release[] {
  if ('notAsked' in seen) return []
  const all = pins.map(from => ({ from, newer: newerThan(from, seen.releases) }))
  const found = (['patch', 'minor'] as const).flatMap(newest => all.flatMap(({ from, newer }) => {
    const to = newer[newest]
    return to === undefined ? [] : [{ component: name, from, to, newest }]
  }))
  return found.filter(({ to }, index) => found.findIndex(other => other.to === to) === index)
}

/**
 * Pages for one machine: in each lab that some need the shortest, then what else is short, until the time is full. An early
 * warning needs no proof of every page; that comes with the bump. Pure.
 */
export function sampleOf(cells: readonly Cell[], within: number, costs: Costs): Cell[] {
  const shortest = cells.toSorted((a, b) => costs.cell(a) - costs.cell(b) || (a.id < b.id ? -1 : 1))
  const first = shortest.filter((cell, index) => shortest.findIndex(other => labKey(other) === labKey(cell)) === index)
  const chosen: Cell[] = []
  for (const cell of new Set([...first, ...shortest])) {
    if (chosen.length === 0 || loadOf([...chosen, cell], costs) <= within) chosen.push(cell)
  }
  return chosen
}
