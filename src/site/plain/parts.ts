/** What stands for the components of the pages about the book, in Markdown. */
import type { CniBenchRead } from '../../report/cni-bench.ts'
import { ledger } from '../claims/ledger.ts'
import { provenBy } from '../claims/proof.ts'
import { plainCni } from '../measured/cni.ts'
import { abortNote } from '../status/abort-points.ts'
import type { BookStatus } from '../status/book-status.ts'
import { day } from '../words.ts'

export function bookParts({ pages, totals }: BookStatus, cni: CniBenchRead, home: string): Record<string, string> {
  const link = ({ id, title }: { readonly id: string, readonly title: string }): string => `[${title}](${home}${id}.md)`
  return {
    Figures: `${totals.verified} of ${totals.runbooks} runbooks are verified: ${totals.steps} steps and undos run, ${totals.checks} checks held, ${totals.faults} faults caused on purpose`
      + `${totals.newest === undefined ? '' : `; newest run ${day(totals.newest)}`}.`,
    CniCost: plainCni(cni),
    TryIt: '```bash\ngit clone https://github.com/proofbook/proofbook && cd proofbook && npm run verify\n```',
    Chapters: pages.map(({ runbook, word }) => `- ${link(runbook)} (${word}): ${runbook.description}`).join('\n'),
    StatusTable: [
      '| Runbook | Target | Verdict | Last run | Blocks ran | Mutants |', '|---|---|---|---|---|---|',
      ...pages.flatMap(({ runbook, standings, coverage, mutants, leftOut, abortPoints }) => standings.map(({ target, word, result }) =>
        `| ${link(runbook)} | ${target} | ${word} | ${result === undefined ? 'none' : day(result.finishedAt)} | ${coverage.ran} of ${coverage.blocks} | ${mutants.kept} kept, ${mutants.caught} seen to be caught${leftOut.tried === 0 ? '' : `; ${leftOut.caught} of ${leftOut.tried} steps missed when left out`}${abortPoints.tried === 0 ? '' : `; ${abortNote(abortPoints)}`} |`)),
    ].join('\n'),
    Claims: ledger().map(({ title, claims }) => [`## ${title}`, '', ...claims.map((claim) => {
      const { proof, pages: named } = provenBy(claim, pages)
      const by = named.length === 0 ? 'settled by no page yet' : `${proof}: ${named.map(({ runbook }) => link(runbook)).join(', ')}`
      return `- **${claim.id}** Guides say: ${claim.said} **${claim.verdict}**: ${claim.fact}${claim.source === undefined ? '' : ` Source: ${claim.source}.`}${claim.unconfirmed ? ' Not confirmed by a source yet.' : ''} (${by})`
    })].join('\n')).join('\n\n'),
  }
}
