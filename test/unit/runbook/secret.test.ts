import { expect, test } from 'vitest'
import { parseRunbook } from '../../../src/runbook/parse.ts'
import { valuesFromFile } from '../../../src/runbook/values-file.ts'
import { resolveVariables, valuesFromEnvironment, valuesFromSet } from '../../../src/runbook/variables.ts'

const parse = (variables: string) => parseRunbook(`---\ntitle: T\ndescription: D.\nrisk: reversible\nvariables:\n  ${variables}\n---\n\n\`\`\`bash check=one\necho {{token}}\n\`\`\`\n`, { id: 't/page', path: 't/page.mdx' })
const declared = parse('token: { type: secret, label: A token }').runbook!.variables

test('a secret has no default, and other types must have one', () => {
  expect(parse('token: { type: secret, label: A token }')).toMatchObject({ diagnostics: [], runbook: { variables: [{ name: 'token', type: 'secret', default: '' }] } })
  expect(parse('token: { type: secret, default: hunter2hunter2 }').diagnostics).toMatchObject([{ message: 'secret "token" has a default' }])
  expect(parse('token: { type: name }').diagnostics[0]?.message).toBe('variable "token" has no default')
})

test('it comes from the environment or a file, apart from the values', () => {
  const file = valuesFromFile('token: from-the-file\n', 'v.yaml').source
  expect(resolveVariables(declared, [file])).toMatchObject({ values: {}, secrets: { token: 'from-the-file' }, problems: [] })
  const environment = valuesFromEnvironment({ PROOFBOOK_SET_TOKEN: 'from-the-env' }, declared)
  expect(resolveVariables(declared, [environment, file])).toMatchObject({ values: {}, secrets: { token: 'from-the-env' } })
  expect(resolveVariables(declared, [])).toMatchObject({ values: {}, secrets: {}, problems: [] })
})

test('it is refused on the command line, and no message holds it', () => {
  const onCommandLine = resolveVariables(declared, [valuesFromSet(['token=correct-horse']).source])
  expect(onCommandLine).toMatchObject({ secrets: {}, problems: [{ message: 'secret "token" on the command line' }] })
  const short = resolveVariables(declared, [valuesFromEnvironment({ PROOFBOOK_SET_TOKEN: 'sh$rt' }, declared)])
  expect(short.problems).toMatchObject([{ received: '5 characters' }])
  expect(JSON.stringify([onCommandLine, short])).not.toMatch(/correct-horse|sh\$rt/)
})
