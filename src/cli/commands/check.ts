import type { Command } from 'commander'
import { withJson } from '../options.ts'

export function check(program: Command): void {
  withJson(program.command('check').argument('[paths...]', 'pages or folders; all runbooks when not given'))
    .description('check runbooks without running anything: exit 2 when one has an error')
    .addHelpText('after', '\nExample:\n  proofbook check runbooks/haproxy/external-load-balancer.mdx')
    .action(async (paths: string[], options: { json?: boolean }) => {
      const { renderDiagnostic } = await import('../../check/render.ts')
      const { checkedPages } = await import('../book.ts')
      const { print, printJson } = await import('../output.ts')

      const pages = await checkedPages(paths, line => console.error(line))
      const diagnostics = pages.flatMap(page => page.diagnostics)
      if (diagnostics.length > 0) process.exitCode = 2
      if (options.json) return printJson('check', { runbooks: pages.length, diagnostics })
      for (const page of pages) for (const diagnostic of page.diagnostics) print(renderDiagnostic(diagnostic, page.source))
      const plural = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`
      print(`${diagnostics.length === 0 ? 'no errors' : plural(diagnostics.length, 'error')} in ${plural(pages.length, 'runbook')}.`)
    })
}
