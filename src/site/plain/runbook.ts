/** What stands above the text of a runbook in its Markdown: whether it holds, and the values it is printed with. */
import type { Runbook } from '../../runbook/model.ts'
import { versionsLine } from '../results/lines.ts'
import type { Standing } from '../results/standing.ts'
import { moment } from '../words.ts'

export function runbookHead({ variables, id, risk, topology }: Runbook, standings: readonly Standing[]): string {
  return [
    ...standings.map(({ target, word, reason, result }) => `- ${target}: **${word}**${result === undefined ? '' : `, run ${moment(result.finishedAt)}, with ${versionsLine(result)}`}. ${oneLine(reason)}`),
    `- Risk: ${risk}. Topology of the lab: ${topology}. Try it there: \`npx proofbook verify ${id} --on kind\``,
    ...variables.length === 0 ? [] : ['', 'Printed with these values; replace them by yours:', '', '| Value | Type | Proven with | Meaning |', '|---|---|---|---|',
      ...variables.map(({ name, type, label, default: proven }) => `| \`${name}\` | ${type} | ${type === 'secret' ? 'a secret' : `\`${proven}\``} | ${cell(label)} |`)],
  ].join('\n')
}

/** A reason comes from a result, which may hold anything. */
const oneLine = (text: string): string => text.replace(/\s+/g, ' ').replace(/[<>&\u0000-\u001F\u007F-\u009F]/g, ' ').trim()
const cell = (text: string): string => oneLine(text).replaceAll('|', '\\|')
