import { expect, test } from 'vitest'
import { BadInput } from '../../../src/runbook/errors.ts'
import { stepsOf, withoutStep } from '../../../src/runbook/without-step.ts'
import { emitScript } from '../../../src/script/emit.ts'
import { sound, page } from './page.ts'

const runbook = sound(page(`
\`\`\`yaml step=values file=/etc/values.yaml mode=0600
a: 1
\`\`\`

\`\`\`bash rollback=values
rm /etc/values.yaml
\`\`\`

\`\`\`bash step=start on=s1 timeout=2m needs=values rollback="none: a drill"
systemctl start it
\`\`\`
\`\`\`text output
started
\`\`\`

\`\`\`bash check=runs needs=start
systemctl is-active it
\`\`\`
`, ['topology: cluster']))

test('the step stands where it was and does nothing; its rollback goes; all else is as it was', () => {
  const left = withoutStep(runbook, 'values')
  expect(left.blocks.map(({ kind, name }) => `${kind} ${name}`)).toEqual(['step values', 'step start', 'check runs'])
  expect(left.blocks[0]).toMatchObject({ action: { type: 'bash' }, language: 'bash', text: 'true\n', noRollback: 'left out' })
  expect(left.blocks.slice(1)).toEqual(runbook.blocks.slice(2))
  expect(runbook.blocks[0]).toMatchObject({ action: { type: 'file', path: '/etc/values.yaml' } })
})

test('what it was expected to print is not missed: a check has to miss it', () => {
  const [step] = stepsOf(withoutStep(runbook, 'start')).filter(({ name }) => name === 'start')
  expect(step).not.toHaveProperty('output')
  expect(step).toMatchObject({ on: 's1', needs: ['values'], timeout: 120_000 })
})

test('the script of what is left is a script', () => {
  const module = emitScript(withoutStep(runbook, 'values'), { version: '0.0.0' })
  expect(module).toContain("'true'")
  expect(module).not.toContain('/etc/values.yaml')
})

test('a step that is not there: the page, its steps, the nearest', () => {
  expect(() => withoutStep(runbook, 'valeus')).toThrow(BadInput)
  expect(() => withoutStep(runbook, 'valeus')).toThrow('received the step valeus, expected one of runbooks/test/page.mdx: values, start. Did you mean "values"?')
  expect(() => withoutStep(runbook, 'runs')).toThrow(BadInput)
})
