/** What Kubernetes' own e2e tests answered, from the report that ginkgo writes. Pure. */
import { escapeXml } from '../../report/junit.ts'

export interface Case {
  /** As upstream names it: `[sig-network] DNS should provide DNS for the cluster [Conformance]`. */
  readonly name: string
  readonly state: 'passed' | 'failed' | 'skipped'
  readonly seconds: number
  /** Why it failed, or why it skipped itself. */
  readonly message: string
}

interface Spec {
  readonly ContainerHierarchyTexts: readonly string[] | null
  readonly LeafNodeType: string
  readonly LeafNodeText: string
  readonly State: string
  /** Nanoseconds. */
  readonly RunTime: number
  readonly Failure?: { readonly Message?: string }
}

interface Suite {
  readonly SpecReports: readonly Spec[] | null
  readonly SuiteSucceeded: boolean
  readonly SpecialSuiteFailureReasons?: readonly string[] | null
}

export interface Suites {
  readonly cases: readonly Case[]
  /** The suite's own failures: a cluster that was not ready, a time that was up. */
  readonly problems: readonly string[]
}

/** Specs that no focus chose have the state `skipped` as well, without a message: they are left out. */
export function parseReport(json: string): Suites {
  const suites = JSON.parse(json) as readonly Suite[]
  const specs = suites.flatMap(({ SpecReports }) => SpecReports ?? [])
  const chosen = specs.filter(({ LeafNodeType, State, Failure }) =>
    LeafNodeType === 'It' && State !== 'pending' && (State !== 'skipped' || (Failure?.Message ?? '') !== ''))
  return {
    cases: chosen.map(toCase).sort((a, b) => a.name < b.name ? -1 : 1),
    problems: [
      ...suites.flatMap(({ SpecialSuiteFailureReasons }) => SpecialSuiteFailureReasons ?? []),
      ...specs.filter(({ LeafNodeType, State }) => LeafNodeType !== 'It' && State !== 'passed' && State !== 'skipped')
        .map(({ LeafNodeType, Failure }) => `${LeafNodeType}: ${Failure?.Message ?? 'failed'}`),
    ],
  }
}

function toCase({ ContainerHierarchyTexts, LeafNodeText, State, RunTime, Failure }: Spec): Case {
  return {
    name: [...ContainerHierarchyTexts ?? [], LeafNodeText].join(' '),
    state: State === 'passed' || State === 'skipped' ? State : 'failed',
    seconds: Math.round(RunTime / 1e8) / 10,
    message: [...State === 'passed' || State === 'skipped' || State === 'failed' ? [] : [State], Failure?.Message ?? ''].join(' ').trim(),
  }
}

/** JUnit of the cases that were chosen; ginkgo's own has each of upstream's seven thousand. */
export function junitOf(suite: string, cases: readonly Case[]): string {
  const count = (state: Case['state']): number => cases.filter(each => each.state === state).length
  const counts = `tests="${cases.length}" failures="${count('failed')}" errors="0" skipped="${count('skipped')}"`
  const lines = cases.map(({ name, state, seconds, message }) => {
    const head = `    <testcase classname="kubernetes.e2e" name="${escapeXml(name)}" time="${seconds.toFixed(3)}"`
    const first = escapeXml(message.split('\n')[0] ?? '')
    if (state === 'failed') return `${head}><failure message="${first}">${escapeXml(message)}</failure></testcase>`
    return state === 'skipped' ? `${head}><skipped message="${first}"/></testcase>` : `${head}/>`
  })
  return ['<?xml version="1.0" encoding="UTF-8"?>', `<testsuites ${counts}>`, `  <testsuite name="${escapeXml(suite)}" ${counts}>`,
    ...lines, '  </testsuite>', '</testsuites>', ''].join('\n')
}
