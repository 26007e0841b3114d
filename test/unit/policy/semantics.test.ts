/** The table of NetworkPolicy's semantics that clusters are compared with (test/fixtures/policy). */
import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { openMatrix } from '../../../src/cli/policy-files.ts'
import { flowText } from '../../../src/policy/flow.ts'
import { mutateMatrix } from '../../../src/policy/mutate.ts'

const FILE = 'test/fixtures/policy/semantics.yaml'

test('has at least 150 cells for each direction that policies decide, allowed ones and denied ones', async () => {
  const { flows, world } = await openMatrix(FILE)
  expect(world.policies.length).toBeGreaterThanOrEqual(30)
  expect(flows.length).toBeGreaterThanOrEqual(450)
  for (const expect_ of ['allow', 'deny']) expect(flows.filter(flow => flow.expect === expect_).length).toBeGreaterThanOrEqual(150)
})

test.each([
  ['t/web -> t/own-pods 8080/TCP', 'allow'],
  ['sa/web -> t/own-pods 8080/TCP', 'deny'],
  ['sb/web -> t/both-selectors 8081/TCP', 'allow'],
  ['sa/api -> t/both-selectors 8081/TCP', 'deny'],
  ['t/web -> t/two-peers 8080/TCP', 'allow'],
  ['sa/web -> t/two-peers 8080/TCP', 'deny'],
  ['sa/web -> t/not-in 8080/TCP', 'deny'],
  ['sa/api -> t/not-in 8080/TCP', 'allow'],
  ['sa/web -> t/a-name 8080/UDP', 'deny'],
  ['sa/web -> t/a-range 8081/TCP', 'allow'],
  ['t/api -> t/two-policies 8081/TCP', 'allow'],
  ['t/api -> t/two-policies 8080/TCP', 'deny'],
  ['sa/web -> t/egress-only 8080/TCP', 'allow'],
  ['sa/web -> t/types-from-egress-rules 8080/TCP', 'deny'],
  ['sa/web -> t/an-address-block 8080/TCP', 'deny'],
  ['out/out-own-pods -> out/server 8080/TCP', 'allow'],
  ['out/out-own-pods -> open/server 8080/TCP', 'deny'],
  ['out/out-a-name -> open/server 8080/TCP', 'allow'],
  ['out/out-block -> client 22/TCP', 'allow'],
  ['out/out-except -> client 22/TCP', 'deny'],
])('%s: %s', async (flow, expected) => {
  const { flows } = await openMatrix(FILE)
  expect(flows.filter(one => flowText(one) === flow).map(one => one.expect)).toEqual([expected])
})

test('what no flow tests is only what says the same without it', async () => {
  const untested = mutateMatrix(await openMatrix(FILE)).filter(({ flips }) => flips.length === 0)
  const lines = (await readFile('test/fixtures/policy/semantics-policies.yaml', 'utf8')).split('\n')
  // A rule that allows all, one whose other part closes it already, one that nobody in the table could use.
  expect([...new Set(untested.map(({ name }) => name))]).toEqual([
    'an-empty-rule', 'empty-lists', 'all-namespaces', 'egress-only', 'types-from-egress-rules', 'an-address-block',
    'out-deny', 'out-empty-rule', 'out-except', 'out-block-port', 'out-other-port',
  ])
  for (const { line } of untested) expect(lines[line - 1]).toBeDefined()
})
