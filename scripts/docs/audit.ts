/** What `policy audit` finds, as a table. */
import { rules } from '../../src/policy/audit/rules.ts'
import { table } from './regions.ts'

export const auditTable = (): string => table(['Finding', 'Severity', 'It means', 'What to do'], Object.entries(rules).map(([name, { severity, means, todo }]) =>
  [`\`${name}\``, severity, sentence(means), sentence(todo)]))

/** In MDX a brace would begin an expression. */
const sentence = (text: string): string => (text.charAt(0).toUpperCase() + text.slice(1)).replace(/[{}]/g, '\\$&')
