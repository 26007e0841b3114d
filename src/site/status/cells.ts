/** The matrix: one column for each target and network that a page asks for or has a result of, one cell for each page in it. */
import { latest } from '../../report/freshness.ts'
import type { Result } from '../../report/result.ts'
import type { Runbook } from '../../runbook/model.ts'
import { standingOf, type Standing } from '../results/standing.ts'

export interface Cell {
  readonly target: string
  /** As the lab had it; `any` where no result tells and the page does not care. */
  readonly cni: string
  readonly standing: Standing
}

/** Cells of one page. `now` in milliseconds since 1970; `held` says of a target that nothing newer may count. */
export function cellsOf(runbook: Runbook, results: readonly Result[], standings: readonly Standing[], now: number): Cell[] {
  return standings.flatMap((standing): Cell[] => {
    const { target } = standing
    const own = results.filter(result => result.runbook === runbook.id && result.target === target)
    const networks = [...new Set(own.map(({ cni }) => cni))]
    // Without a result that may count there is one cell, which says why.
    if (standing.result === undefined) return [{ target, cni: asked(runbook), standing }]
    const missing = runbook.cni !== 'any' && !networks.includes(runbook.cni) && runbook.targets.includes(target) ? [runbook.cni] : []
    return [...networks, ...missing].map(cni => ({
      target, cni, standing: standingOf(runbook, target, latest(own.filter(result => result.cni === cni), runbook.id, target), now),
    }))
  })
}

const asked = ({ cni, topology }: Runbook): string => cni === 'any' && topology === 'no-cluster' ? 'none' : cni

export interface Column {
  readonly target: string
  readonly cni: string
  readonly label: string
}

const order = (cni: string): string => ({ none: '0', flannel: '1', cilium: '2' })[cni] ?? `3${cni}`

export function columnsOf(cells: readonly Cell[]): Column[] {
  const columns = new Map(cells.map(({ target, cni }) => [`${target} ${cni}`, { target, cni, label: labelOf(target, cni) }]))
  return [...columns.values()].toSorted((a, b) => b.target.localeCompare(a.target) || order(a.cni).localeCompare(order(b.cni)))
}

const networks: Readonly<Record<string, string>> = { none: 'no cluster', any: 'any CNI', flannel: 'Flannel', cilium: 'Cilium', calico: 'Calico' }

const labelOf = (target: string, cni: string): string => `${target}, ${networks[cni] ?? cni}`
