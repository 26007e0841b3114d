/** An audit for a terminal: findings with the line that they are about, then what they mean and what to do. */
import { renderDiagnostic } from '../../check/render.ts'
import { countsOf } from './audit.ts'
import type { Finding, Severity, Snapshot } from './model.ts'
import { rules, type RuleName } from './rules.ts'

export type Mark = (severity: Severity, text: string) => string

export function auditText(findings: readonly Finding[], { policies, subjects, namespaces }: Snapshot, mark: Mark = (_, text) => text): string {
  const counts = countsOf(findings)
  const found = [...new Set(findings.map(({ rule }) => rule))]
  return [
    ...findings.flatMap(finding => [shown(finding, mark), '']),
    ...found.length === 0 ? [] : [...found.flatMap(explained), ''],
    `${many(policies.length, 'policy', 'policies')}, ${many(subjects.length, 'pod', 'pods')}, ${many(namespaces.size, 'namespace', 'namespaces')}: `
    + `${many(counts.error, 'error', 'errors')}, ${many(counts.warning, 'warning', 'warnings')}, ${many(counts.note, 'note', 'notes')}`,
  ].join('\n')
}

/** The line under it is the object's own. */
function shown({ severity, rule, object, message, text, ...place }: Finding, mark: Mark): string {
  const { position: { line } } = place
  const page = `${'\n'.repeat(line - 1)}${text}`
  const [head = '', ...rest] = renderDiagnostic({ ...place, message: `${severity} ${rule}: ${object}: ${message}` }, page).split('\n')
  return [head.replace(`  ${severity} ${rule}:`, `  ${mark(severity, `${severity} ${rule}`)}:`), ...rest].join('\n')
}

const explained = (rule: RuleName): string[] => [`${rule}: ${rules[rule].means}.`, `  ${rules[rule].todo}`]

const many = (count: number, one: string, several: string): string => `${count} ${count === 1 ? one : several}`
