import type { Command } from 'commander'
import { withJson } from '../options.ts'

export function setup(program: Command): void {
  withJson(program.command('setup'))
    .description('make this machine ready for labs: Docker engine, programs, images')
    .option('--yes', 'install what is missing without asking')
    .addHelpText('after', '\nExample:\n  proofbook setup --yes')
    .action(async ({ yes, json }: { yes?: boolean, json?: boolean }) => {
      const { setup } = await import('../../lab/setup.ts')
      const { confirm } = await import('../ask.ts')
      const { interruptible } = await import('../interrupt.ts')
      const { print, printJson } = await import('../output.ts')
      const { createProgress } = await import('../progress.ts')
      const { canAsk } = await import('../terminal.ts')

      const screen = createProgress()
      using interrupt = interruptible(screen.note)
      const { signal } = interrupt
      await setup(screen, {
        yes: yes === true || Boolean(process.env.CI),
        ...canAsk() ? { confirm: (text: string) => confirm(text, signal) } : {},
        signal,
      })
      const { ensureImages } = await import('../../lab/images/ensure.ts')
      await ensureImages(screen, { signal })
      if (json) printJson('setup', { ready: true })
      else print('ready')
    })
}
