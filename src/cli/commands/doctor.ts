import type { Command } from 'commander'
import { withJson } from '../options.ts'

export function doctor(program: Command): void {
  withJson(program.command('doctor'))
    .description('tell what labs need of this machine, what it has, and how labs adapt; exit 3 when something is missing')
    .addHelpText('after', '\nExample:\n  proofbook doctor --json')
    .action(async ({ json }: { json?: boolean }) => {
      const { diagnose } = await import('../../lab/doctor.ts')
      const { columns, print, printJson } = await import('../output.ts')

      const findings = await diagnose()
      if (findings.some(({ state }) => state === 'missing')) process.exitCode = 3
      if (json) return printJson('doctor', { findings })
      print(columns(findings.map(({ state, name, detail, fix }) => [state, name, fix === undefined ? detail : `${detail}; try: ${fix}`])))
    })
}
