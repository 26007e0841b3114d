/** What `check` refuses, as a table. */
import { gates, refusedByTheParser } from '../../src/check/gates/index.ts'
import { table } from './regions.ts'

export function gateTable(): string {
  const rows = [...refusedByTheParser, ...gates.map(({ name, refuses }) => [name, refuses] as const)]
  return table(['Gate', 'Refuses'], rows.map(([name, refuses]) => [name, refuses.charAt(0).toUpperCase() + refuses.slice(1)]))
}
