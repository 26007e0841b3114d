import { describe, expect, test } from 'vitest'
import { conformanceText } from '../../../src/cli/conformance-command.ts'
import { cannotPass, reasonFor } from '../../../src/lab/conformance/cannot-pass.ts'
import { junitOf, parseReport } from '../../../src/lab/conformance/cases.ts'

const spec = (text: string, State: string, message?: string, LeafNodeType = 'It'): object => ({
  ContainerHierarchyTexts: LeafNodeType === 'It' ? ['[sig-network] DNS'] : null, LeafNodeType, LeafNodeText: text, State, RunTime: 1.26e9,
  ...message === undefined ? {} : { Failure: { Message: message } },
})
const report = (...SpecReports: object[]): string => JSON.stringify([{ SuiteSucceeded: false, SpecialSuiteFailureReasons: null, SpecReports }])

describe('ginkgo\'s report', () => {
  const { cases, problems } = parseReport(report(
    spec('', 'passed', undefined, 'SynchronizedBeforeSuite'),
    spec('b fails', 'failed', 'timed out <60s>\nmore'), spec('a passes', 'passed'), spec('c was not chosen', 'skipped'),
    spec('d skips itself', 'skipped', 'wants two nodes'), spec('e is late', 'timedout', 'the suite took too long'), spec('f', 'pending'),
  ))

  test('has the cases that ran, by name, and those that skipped themselves', () => {
    expect(cases.map(({ name, state }) => `${state} ${name}`)).toEqual([
      'passed [sig-network] DNS a passes', 'failed [sig-network] DNS b fails', 'skipped [sig-network] DNS d skips itself', 'failed [sig-network] DNS e is late',
    ])
    expect(cases[0]?.seconds).toBe(1.3)
    expect(problems).toEqual([])
  })

  test('is told in a table, with reasons and counts', () => {
    const text = conformanceText({ cases, problems: ['SynchronizedBeforeSuite: no node is Ready'] }, 'flannel', 61_000)
    expect(text).toContain('[sig-network] DNS b fails: timed out <60s>\n')
    expect(text).toContain('the suite: SynchronizedBeforeSuite: no node is Ready\n')
    expect(text).toMatch(/1 passed, 2 failed, 1 skipped in 1 ?m/)
  })

  test('becomes JUnit', () => {
    const xml = junitOf('x', cases)
    expect(xml).toContain('tests="4" failures="2" errors="0" skipped="1"')
    expect(xml).toContain('<failure message="timed out &lt;60s&gt;">timed out &lt;60s&gt;\nmore</failure>')
  })
})

test('a suite that could not begin is a problem, not an empty success', () => {
  expect(parseReport(report(spec('', 'failed', 'no node is Ready', 'SynchronizedBeforeSuite'), spec('a', 'skipped')))).toEqual({
    cases: [], problems: ['SynchronizedBeforeSuite: no node is Ready'],
  })
})

describe('a case that cannot pass', () => {
  const [known] = cannotPass

  test('is one only where the network is to blame', () => {
    expect(reasonFor(known!.name, 'flannel')).toMatch(/enforces no NetworkPolicy/)
    expect(reasonFor(known!.name, 'cilium')).toBeUndefined()
    expect(reasonFor('[sig-network] DNS should provide DNS for the cluster [Conformance]', 'flannel')).toBeUndefined()
  })

  test('is told with its reason, and as a surprise when it passes', () => {
    const of = (state: 'failed' | 'passed'): string =>
      conformanceText({ cases: [{ name: known!.name, state, seconds: 1, message: 'wrong' }], problems: [] }, 'flannel', 1_000)
    expect(of('failed')).toContain(': cannot pass here: the network enforces no NetworkPolicy')
    expect(of('passed')).toContain(': passes, so take it off')
  })
})
