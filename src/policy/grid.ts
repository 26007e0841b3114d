/** Cells in rows of senders and columns of receivers. Pure. */
import { podOf, type Flow, type Outcome } from './flow.ts'
import type { Cell } from './judge.ts'

export interface Grid {
  readonly rows: readonly string[]
  readonly columns: readonly string[]
  at(row: string, column: string): Cell | undefined
}

export function gridOf(cells: readonly Cell[]): Grid {
  const found = new Map(cells.map((cell): [string, Cell] => [`${rowOf(cell.flow)} ${columnOf(cell.flow)}`, cell]))
  return {
    rows: [...new Set(cells.map(({ flow }) => rowOf(flow)))],
    columns: [...new Set(cells.map(({ flow }) => columnOf(flow)))],
    at: (row, column) => found.get(`${row} ${column}`),
  }
}

const rowOf = ({ from }: Flow): string => `${from.namespace}/${from.name}`

function columnOf({ to, port, protocol, byName }: Flow): string {
  const pod = podOf(to)
  const name = pod === undefined ? to.name : `${pod.namespace}/${pod.name}`
  return `${name}:${protocol === 'ICMP' ? 'icmp' : port}${protocol === 'UDP' || protocol === 'SCTP' ? `/${protocol.toLowerCase()}` : ''}${byName ? ' by name' : ''}`
}

/** One letter an outcome, for a terminal without colours and for readers who tell none apart. */
export const letters: Readonly<Record<Outcome, string>> = {
  'allow': '.', 'drop': 'D', 'reject': 'R', 'refused': 'c', 'dns': 'N', 'no-route': 'U', 'unsupported': '-', 'error': '?',
}
