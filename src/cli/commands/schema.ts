import { Argument, type Command } from 'commander'

export function schema(program: Command): void {
  program.command('schema')
    .addArgument(new Argument('[what]', 'frontmatter: of a page, for editors; result: of what verify writes').choices(['frontmatter', 'result']).default('frontmatter'))
    .description('print the JSON Schema of a page\'s frontmatter or of a result')
    .addHelpText('after', '\nExample:\n  proofbook schema > .vscode/runbook.schema.json')
    .action(async (what: 'frontmatter' | 'result') => {
      const document = what === 'frontmatter'
        ? (await import('../../runbook/schema.ts')).frontmatterSchema()
        : (await import('../../report/schema.ts')).resultSchema()
      process.stdout.write(`${JSON.stringify(document, undefined, 2)}\n`)
    })
}
