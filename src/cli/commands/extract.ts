import type { Command } from 'commander'
import { withJson } from '../options.ts'

export function extract(program: Command): void {
  withJson(program.command('extract').argument('<id>', 'runbook'))
    .description('write the runbook as one zx script, the one that run and verify execute')
    .option('-o, --output <file>', 'write to this file in place of standard output')
    .addHelpText('after', `
Example:
  proofbook extract haproxy/external-load-balancer -o lb.mjs
  npx zx lb.mjs --help`)
    .action(async (id: string, options: { output?: string, json?: boolean }) => {
      const { openRunbook } = await import('../book.ts')
      const { print, printJson } = await import('../output.ts')
      const { emitScript } = await import('../../script/emit.ts')
      const { version } = await import('../version.ts')

      const runbook = await openRunbook(id)
      const script = emitScript(runbook, { version: version() })
      if (options.output !== undefined) {
        const { chmod, writeFile } = await import('node:fs/promises')
        await writeFile(options.output, script)
        await chmod(options.output, 0o755)
      }
      if (options.json) {
        const { path, sha256 } = runbook
        return printJson('extract', {
          runbook: id, source: { path, sha256 }, ...options.output === undefined ? { script } : { file: options.output },
        })
      }
      if (options.output === undefined) process.stdout.write(script)
      else print(options.output)
    })
}
