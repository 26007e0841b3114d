/** Results for GitHub Actions: a job summary in Markdown, and workflow commands that annotate the page's lines. */
import { duration } from './duration.ts'
import type { Result, Verdict } from './result.ts'

const MARKS: Readonly<Record<Verdict, string>> = {
  'verified': '✅', 'flaky': '⚠️', 'stand-in': '◐', 'failed': '❌', 'infrastructure-error': '⛔', 'not-run': '➖',
}

export function githubSummary(results: readonly Result[]): { summary: string, annotations: string } {
  const rows = results.map(({ runbook, target, cni, verdict, durationMs, reason = '' }) =>
    `| ${MARKS[verdict]} ${verdict} | ${runbook} | ${target}, ${cni} | ${duration(durationMs)} | ${cell(reason)} |`)
  return {
    summary: ['| verdict | runbook | on | took | why |', '|---|---|---|---|---|', ...rows, ''].join('\n'),
    annotations: results.map(annotation).join(''),
  }
}

/** `::error file=..,line=..,title=..::message`: workflow commands, GitHub Docs. */
function annotation({ failure, verdict, reason = '', runbook, target, source }: Result): string {
  if (verdict === 'infrastructure-error') return warning(`${runbook} on ${target}`, reason)
  if (verdict !== 'failed') return ''
  const at = failure === undefined ? '' : `,line=${failure.line}`
  const text = failure === undefined ? reason : `${failure.message}\nreceived ${failure.received}\nexpected ${failure.expected}`
  return `::error file=${property(source.path)}${at},title=${property(`${runbook} on ${target}`)}::${message(text)}\n`
}

const command = (name: string) => (title: string, text: string): string => `::${name} title=${property(title)}::${message(text)}\n`

/** A line of the workflow's page, without failing anything. */
export const warning = command('warning')
export const notice = command('notice')

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ')
const message = (text: string): string => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
const property = (text: string): string => message(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
