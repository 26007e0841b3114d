import { CommanderError } from 'commander'
import { describe, expect, test } from 'vitest'
import { exitCodeOf, explain } from '../../../src/cli/errors.ts'
import { exitCodeFor } from '../../../src/cli/file-result.ts'
import { BadInput } from '../../../src/runbook/errors.ts'
import { InfrastructureError, Interrupted } from '../../../src/run/errors.ts'
import { sampleResult } from '../report/sample.ts'

/** What `await using` throws when the work and its clean-up both fail. */
const both = Object.assign(new Error('both'), { name: 'SuppressedError', suppressed: new BadInput('first'), error: new InfrastructureError('then') })

test.each([
  ['bad input', new BadInput('no such page'), 2, 'no such page'],
  ['a broken lab', new InfrastructureError('lost'), 4, 'lost'],
  ['Ctrl-C', new Interrupted(), 130, 'interrupted'],
  ['a wrong option', new CommanderError(1, 'commander.unknownOption', 'x'), 2, undefined],
  ['help', new CommanderError(0, 'commander.helpDisplayed', 'x'), 0, undefined],
  ['a failed clean-up after an error', both, 2, 'first\nthen'],
])('%s', (_, error, exit, text) => {
  expect(exitCodeOf(error)).toBe(exit)
  expect(explain(error)).toBe(text)
})

test('a fault of our own is told with its stack', () => {
  expect(exitCodeOf(new TypeError('x'))).toBe(1)
  expect(explain(new TypeError('x'))).toContain('errors.test.ts')
})

describe('exit code of a verification', () => {
  test.each([
    ['verified', undefined, false, 0], ['flaky', undefined, false, 0], ['stand-in', 'held', false, 0], ['failed', 'no', false, 1],
    ['infrastructure-error', 'interrupted', false, 130], ['infrastructure-error', 'lost', false, 4],
    ['not-run', 'part', true, 0], ['not-run', 'nothing ran', false, 3],
  ] as const)('%s, %s', (verdict, reason, part, exit) => {
    expect(exitCodeFor(sampleResult({ verdict, ...reason ? { reason } : {} }), part)).toBe(exit)
  })
})
