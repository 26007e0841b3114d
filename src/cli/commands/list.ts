import type { Command } from 'commander'
import { withJson } from '../options.ts'

export function list(program: Command): void {
  withJson(program.command('list'))
    .description('list the runbooks, and what was proven of each')
    .addHelpText('after', '\nExample:\n  proofbook list --json')
    .action(async (options: { json?: boolean }) => {
      const { allRunbooks } = await import('../book.ts')
      const { columns, print, printJson } = await import('../output.ts')
      const { freshness, latest } = await import('../../report/freshness.ts')
      const { readFolders, refusalOf } = await import('../../report/store.ts')
      const { project } = await import('../project.ts')

      const { results, recorded } = project()
      const { shippedResults } = await import('../book.ts')
      const { results: known, refused } = await readFolders([...new Set([results, recorded, ...shippedResults()])])
      for (const { file, reason } of refused) process.stderr.write(`refused  ${file}: ${reason}\n`)
      const rows = (await allRunbooks()).map(({ id, path, runbook, diagnostics }) => ({
        id, path,
        title: runbook?.title ?? '',
        risk: runbook?.risk ?? '',
        errors: diagnostics.length,
        targets: (runbook?.targets ?? []).map(target => {
          const refusal = refusalOf(refused, id, target)
          if (refusal !== undefined) return { target, word: 'not run', reason: `${refusal.file} is refused: ${refusal.reason}` }
          const result = runbook && latest(known, runbook, target)
          return { target, ...freshness(result, runbook!), ...result && { finishedAt: result.finishedAt } }
        }),
      }))
      if (options.json) return printJson('list', { runbooks: rows })
      print(columns(rows.map(({ id, title, risk, errors, targets }) => [
        id, title, risk,
        errors > 0 ? `${errors} ${errors === 1 ? 'error' : 'errors'}` : targets.map(({ target, word }) => `${target}: ${word}`).join(', '),
      ])))
    })
}
