import { Option, type Command } from 'commander'
import { withJson } from '../options.ts'

interface Flags {
  readonly json?: boolean
}

export interface ExportFlags extends Flags {
  readonly output?: string
  readonly format: 'json' | 'html' | 'junit'
}

export function runs(program: Command): void {
  const command = program.command('runs').description('the journals of what run did on your machines')
    .addHelpText('after', '\nExamples:\n  proofbook runs list\n  proofbook runs show last')
  const sub = (name: string, what: string, example: string): Command =>
    withJson(command.command(name)).description(what).addHelpText('after', `\nExample:\n  proofbook runs ${example}`)

  sub('list', 'list all runs, newest first, and how each ended', 'list').action(async (flags: Flags) => {
    const { listRuns } = await import('../runs-command.ts')
    listRuns(flags)
  })
  sub('show', 'tell what became of each block of a run', 'show last').argument('<run>', 'id, the beginning of it, or last')
    .action(async (run: string, flags: Flags) => {
      const { showRun } = await import('../runs-command.ts')
      showRun(run, flags)
    })
  sub('diff', 'compare what two runs did; exit 1 when they differ', 'diff 20261121-143012 last')
    .argument('<run>', 'the one').argument('<other>', 'and the other')
    .action(async (run: string, other: string, flags: Flags) => {
      const { diffRuns } = await import('../runs-command.ts')
      diffRuns(run, other, flags)
    })
  sub('export', 'write a run with its transcripts as one document', 'export last --format html -o run.html').argument('<run>', 'id, the beginning of it, or last')
    .addOption(new Option('--format <form>', 'json (events and transcripts), html or junit (the result)').choices(['json', 'html', 'junit']).default('json'))
    .option('-o, --output <file>', 'write to this file in place of standard output')
    .action(async (run: string, flags: ExportFlags) => {
      const { exportRun } = await import('../runs-command.ts')
      await exportRun(run, flags)
    })
}
