import type { Command } from 'commander'
import { withJson } from '../options.ts'

export function graph(program: Command): void {
  withJson(program.command('graph').argument('<id>', 'runbook'))
    .description('print the page as a mermaid flowchart of its steps, checks and rollbacks')
    .addHelpText('after', '\nExample:\n  proofbook graph haproxy/external-load-balancer > graph.mmd')
    .action(async (id: string, options: { json?: boolean }) => {
      const { openRunbook } = await import('../book.ts')
      const { print, printJson } = await import('../output.ts')
      const { graph: draw } = await import('../../author/graph.ts')

      const mermaid = draw(await openRunbook(id))
      if (options.json) return printJson('graph', { runbook: id, mermaid })
      print(mermaid)
    })
}
