/** The frontmatter and the types of variables as tables. */
import { fields } from '../../src/runbook/fields.ts'
import { exampleOf, ruleForm, variableTypes } from '../../src/runbook/validate.ts'
import { flows } from '../../src/runbook/traffic.ts'
import { table } from './regions.ts'

export function fieldTable(): string {
  return table(['Key', 'Value', 'When it is missing'], Object.entries(fields).map(([key, { means, missing }]) => [`\`${key}\``, means, missing]))
}

export function typeTable(): string {
  return table(['Type', 'Accepts', 'For example'], variableTypes.map((type) => type === 'enum'
    ? ['`enum`', 'one of `values`', '']
    : [`\`${type}\``, ruleForm(type), `\`${exampleOf(type)}\``]))
}

/** The flows that can be measured. */
export function flowTable(): string {
  return table(['Flow', 'What is asked'], Object.entries(flows).map(([name, means]) => [`\`${name}\``, means.charAt(0).toUpperCase() + means.slice(1)]))
}
