/** The matrix: one column for each target, network and further release that a page asks for or has a result of, one cell for each page in it. */
import { latest, otherRelease } from '../../report/freshness.ts'
import type { Result } from '../../report/result.ts'
import type { Runbook } from '../../runbook/model.ts'
import { standingOf, type Standing } from '../results/standing.ts'

export interface Cell {
  readonly target: string
  /** As the lab had it; `any` where no result tells and the page does not care. */
  readonly cni: string
  /** `HAProxy 3.2`, where that is not the one that the page was written for. */
  readonly release?: string
  readonly standing: Standing
}

/** Cells of one page. `now` in milliseconds since 1970; `held` says of a target that nothing newer may count. */
export function cellsOf(runbook: Runbook, results: readonly Result[], standings: readonly Standing[], now: number): Cell[] {
  return standings.flatMap((standing): Cell[] => {
    const { target } = standing
    const own = results.filter(result => result.runbook === runbook.id && result.target === target)
    const places = new Map(own.map(result => {
      const release = otherRelease(result, runbook)
      return [`${result.cni} ${release}`, { cni: result.cni, release }]
    }))
    // Without a result that may count there is one cell, which says why.
    if (standing.result === undefined) return [{ target, cni: asked(runbook), standing }]
    const missing = runbook.cni !== 'any' && !own.some(({ cni }) => cni === runbook.cni) && runbook.targets.includes(target) ? [{ cni: runbook.cni, release: undefined }] : []
    return [...places.values(), ...missing].map(({ cni, release }) => ({
      target, cni, ...release === undefined ? {} : { release },
      standing: standingOf(runbook, target, latest(own.filter(result => result.cni === cni), runbook, target, release), now),
    }))
  })
}

const asked = ({ cni, topology }: Runbook): string => cni === 'any' && topology === 'no-cluster' ? 'none' : cni

export interface Column {
  readonly target: string
  readonly cni: string
  readonly release?: string
  readonly label: string
}

export const inColumn = (cell: Cell, { target, cni, release }: Column): boolean => cell.target === target && cell.cni === cni && cell.release === release

const order = ({ cni, release = '' }: Column): string => `${({ none: '0', flannel: '1', cilium: '2' })[cni] ?? `3${cni}`} ${release}`

export function columnsOf(cells: readonly Cell[]): Column[] {
  const columns = new Map(cells.map(({ target, cni, release }): [string, Column] => {
    const place = { target, cni, ...release === undefined ? {} : { release } }
    const label = [target, networks[cni] ?? cni, ...release === undefined ? [] : [release]].join(', ')
    return [label, { ...place, label }]
  }))
  return [...columns.values()].toSorted((a, b) => b.target.localeCompare(a.target) || order(a).localeCompare(order(b)))
}

const networks: Readonly<Record<string, string>> = { none: 'no cluster', any: 'any CNI', flannel: 'Flannel', cilium: 'Cilium', calico: 'Calico' }
