/** Results as JUnit XML: a suite per result, a case per block and host. The form that CI systems read (testmoapp/junitxml). */
import type { BlockResult, Result } from './result.ts'

export const junit = (result: Result): string => junitOf([result])

/** One suite a runbook and target. */
export function junitOf(results: readonly Result[]): string {
  const suites = results.map(suite)
  const sum = (key: keyof Counts): number => suites.reduce((total, { counts }) => total + counts[key], 0)
  const all = { tests: sum('tests'), failures: sum('failures'), errors: sum('errors'), skipped: sum('skipped') }
  return `<?xml version="1.0" encoding="UTF-8"?>
<testsuites ${countAttributes(all)}>
${suites.map(({ xml }) => xml).join('\n')}
</testsuites>
`
}

interface Counts {
  readonly tests: number
  readonly failures: number
  readonly errors: number
  readonly skipped: number
}

function suite(result: Result): { readonly xml: string, readonly counts: Counts } {
  const cases = result.blocks.map(block => testCase(result, block))
  const extra = verdictCase(result)
  if (extra) cases.push(extra)
  const count = (tag: string): number => cases.filter(text => text.includes(`<${tag} `)).length
  const counts = { tests: cases.length, failures: count('failure'), errors: count('error'), skipped: count('skipped') }
  const head = attributes({ name: `${result.runbook} on ${result.target}`, time: seconds(result.durationMs), timestamp: result.startedAt })
  return { counts, xml: `  <testsuite ${head} ${countAttributes(counts)}>\n${cases.join('\n')}\n  </testsuite>` }
}

const countAttributes = ({ tests, failures, errors, skipped }: Counts): string =>
  `tests="${tests}" failures="${failures}" errors="${errors}" skipped="${skipped}"`

function testCase(result: Result, block: BlockResult): string {
  const again = block.phase === 'after-rollback' ? ' after rollback' : block.phase === 'second-pass' ? ' again' : ''
  const head = attributes({
    classname: `${result.runbook}.${result.target}`,
    name: `${block.kind} ${block.name} on ${block.host}${again}`,
    file: result.source.path,
    line: String(block.line),
    time: seconds(block.durationMs),
  })
  return `    <testcase ${head}>${body(result, block)}</testcase>`
}

function body({ failure }: Result, block: BlockResult): string {
  switch (block.status) {
    case 'ok':
      return ''
    case 'failed': {
      const told = failure?.name === block.name && failure.kind === block.kind && failure.host === block.host ? failure : undefined
      const text = told ? `received ${told.received}\nexpected ${told.expected}\n\n${told.tail}` : block.transcript
      return `<failure ${attributes({ message: told?.message ?? block.reason ?? 'failed' })}>${escapeXml(text)}</failure>`
    }
    default:
      return `<skipped ${attributes({ message: block.reason ?? block.status })}/>`
  }
}

/** What no block can tell: something was left behind, or the lab broke. */
function verdictCase(result: Result): string | undefined {
  const head = attributes({ classname: `${result.runbook}.${result.target}`, name: 'verdict' })
  for (const [facts, from] of [[result.secondPass ?? [], 'after the second pass'], [result.leftBehind, 'from before']] as const) {
    if (facts.length === 0) continue
    const message = attributes({ message: `${facts.length} facts differ ${from}` })
    return `    <testcase ${head}><failure ${message}>${escapeXml(facts.join('\n'))}</failure></testcase>`
  }
  if (result.verdict !== 'infrastructure-error') return undefined
  return `    <testcase ${head}><error ${attributes({ message: result.reason ?? 'infrastructure error' })}/></testcase>`
}

function attributes(values: Readonly<Record<string, string>>): string {
  return Object.entries(values).map(([name, value]) => `${name}="${escapeXml(value).replaceAll('\n', '&#10;')}"`).join(' ')
}

/** XML 1.0 has no form at all for most control characters: they become U+FFFD. Colours are dropped. */
export function escapeXml(text: string): string {
  return text
    // oxlint-disable-next-line no-control-regex
    .replaceAll(/\u001B\[[0-9;]*[A-Za-z]/g, '')
    .replaceAll(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\uFFFD')
    .replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}

const seconds = (ms: number): string => (ms / 1000).toFixed(3)
