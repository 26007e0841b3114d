/** What became of candidates, in words: a warning is the gravest that it gets. Pure. */
import { notice, warning } from '../../../src/report/github.ts'
import type { Attempt } from './attempt.ts'

const NONE = new Set(['infrastructure-error', 'not-run'])

/** `warn`: a page does not hold with it. `unknown`: it could not be tried. `unseen`: pages hold, and nothing tells that it was there. */
export function outcomeOf({ pages, problem }: Attempt): 'holds' | 'warn' | 'unknown' | 'unseen' {
  if (pages.some(({ verdict }) => verdict === 'failed')) return 'warn'
  if (problem !== undefined || pages.some(({ verdict }) => NONE.has(verdict))) return 'unknown'
  return pages.every(({ there }) => there) ? 'holds' : 'unseen'
}

const WORDS = {
  holds: 'holds', warn: 'does not hold', unknown: 'could not be tried',
  unseen: 'pages hold, and not every lab tells that it was there',
}

export function linesOf(attempt: Attempt): string[] {
  const { candidate: { component, from, to, newest, of }, pages, problem } = attempt
  const bad = pages.filter(({ verdict }) => verdict === 'failed' || NONE.has(verdict))
  return [
    `${component} ${from} to ${to} (newest ${newest}): ${WORDS[outcomeOf(attempt)]}, ${pages.length} of ${of} pages tried`,
    ...problem === undefined ? [] : [`  ${problem}`],
    ...bad.map(({ runbook, verdict, reason }) => `  ${runbook}: ${verdict}${reason === undefined ? '' : `: ${reason}`}`),
  ]
}

/** Workflow command of GitHub Actions. */
export function annotationOf(attempt: Attempt): string {
  const { candidate: { component, to } } = attempt
  const bad = ['warn', 'unknown'].includes(outcomeOf(attempt))
  const text = [...linesOf(attempt), ...bad ? [`Try it: npx proofbook bump ${component} --to ${to} --write`] : []].join('\n')
  return (bad ? warning : notice)(`${component} ${to}`, text)
}

/** Job summary in Markdown. */
export function summaryOf(attempts: readonly Attempt[]): string {
  const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ')
  return ['| component | pinned | newest | | pages | |', '|---|---|---|---|---|---|', ...attempts.map((attempt) => {
    const { candidate: { component, from, to, newest, of }, pages } = attempt
    return `| ${component} | ${from} | ${to} (${newest}) | ${WORDS[outcomeOf(attempt)]} | ${pages.length} of ${of} | ${cell(linesOf(attempt).slice(1).map(line => line.trim()).join('; '))} |`
  }), ''].join('\n')
}
