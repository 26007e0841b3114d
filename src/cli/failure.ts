/** The block that tells a failure: what was received and expected, where, and what to try next. */
import type { Failure, Result } from '../report/result.ts'
import { paint } from './paint.ts'
import { shownLine } from './step-output.ts'

export function failureText(failure: Failure, page: string, next: readonly string[]): string {
  const { kind, name, host, message, line, received, expected, hint } = failure
  const facts: [string, string][] = [
    ['received', received], ['expected', expected], ['at', `${page}:${line}`],
    ...hint ? [['likely', hint] as [string, string]] : [],
    ...next.map((text, i): [string, string] => [i === 0 ? 'next' : '', text]),
  ]
  return [
    `${paint('red', 'FAIL')} ${kind} ${name}  ${host}   ${message}`,
    ...failure.tail.split('\n').filter(text => text !== '').map(text => paint('dim', `       | ${shownLine(text)}`)),
    ...facts.map(([label, text]) => `     ${label.padEnd(9)} ${indent(text)}`),
  ].join('\n')
}

/** Text of several lines starts on a line of its own. */
function indent(text: string): string {
  const lines = text.replace(/^\n/, '').trimEnd().split('\n')
  return lines.length === 1 ? lines[0]! : ['', ...lines].join('\n       ')
}

/** One line for the end of a verification. */
export function verdictLine(result: Result, took: string): string {
  const colour = result.verdict === 'verified' ? 'green' : result.verdict === 'failed' ? 'red' : 'yellow'
  const reason = result.reason && result.verdict !== 'failed' ? `: ${result.reason}` : ''
  return `${paint(colour, result.verdict, process.stdout)} ${result.runbook} on ${result.target}   ${took}${reason}`
}
