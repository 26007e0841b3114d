import type { Command } from 'commander'

export function schema(program: Command): void {
  program.command('schema')
    .description('print the JSON Schema of the frontmatter, for editors')
    .addHelpText('after', '\nExample:\n  proofbook schema > .vscode/runbook.schema.json')
    .action(async () => {
      const { frontmatterSchema } = await import('../../runbook/schema.ts')
      process.stdout.write(`${JSON.stringify(frontmatterSchema(), undefined, 2)}\n`)
    })
}
