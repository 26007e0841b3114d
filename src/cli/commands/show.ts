import type { Command } from 'commander'
import type { ScriptMeta } from '../../script/api.ts'
import { withJson, withValues, type ValueOptions } from '../options.ts'

interface ShowOptions extends ValueOptions {
  readonly step?: string
  readonly host?: string
  readonly json?: boolean
}

export function show(program: Command): void {
  withJson(withValues(program.command('show').argument('<id>', 'runbook')))
    .description('print the plan: every command with its values, where it runs and how it is undone')
    .option('--step <name>', 'only the block of that name, with its checks and how it is undone')
    .option('--host <name>', 'only what this host is sent, also by its roles')
    .addHelpText('after', `
Examples:
  proofbook show haproxy/external-load-balancer --set lb=192.168.0.10
  proofbook show haproxy/external-load-balancer --step install`)
    .action(async (id: string, options: ShowOptions) => {
      const { openRunbook } = await import('../book.ts')
      const { scriptOf } = await import('../../run/script-of.ts')
      const { valuesFor } = await import('../values.ts')
      const { planOf } = await import('../../run/plan.ts')
      const { bytesOf } = await import('../../run/send.ts')
      const { select } = await import('../../run/select.ts')
      const { countsText, inPageOrder, planText, withItsOwn } = await import('../plan-text.ts')
      const { print, printJson } = await import('../output.ts')
      const { rolesOf, sentTo } = await import('../roles.ts')

      const script = scriptOf(await openRunbook(id))
      const { meta } = script
      const values = await valuesFor(meta.variables, options)
      const all = inPageOrder(await planOf(script))
      if (options.step !== undefined) select(all, { step: options.step })
      const roles = rolesOf(meta.topology)
      const chosen = options.step === undefined ? all : withItsOwn(all, options.step)
      const plan = options.host === undefined ? chosen : sentTo(chosen, options.host, roles)

      if (options.json) {
        const blocks = plan.map(block => ({ ...block, hosts: roles[block.on] ?? [block.on], text: bytesOf(block, values) }))
        return printJson('show', { runbook: summaryOf(meta), values, blocks })
      }
      const given = Object.entries(values).map(([name, value]) => `${name}=${value}`).join(' ')
      if (options.step === undefined) {
        print(`${meta.id}  ${meta.title}\n\npage    ${meta.source}\nrisk    ${meta.risk}\nvalues  ${given || 'none'}\nplan    ${countsText(all)}\n`)
      }
      print(planText(plan, values, roles))
    })
}

/** The facts of a page without its blocks. */
function summaryOf({ id, title, description, source, sha256, risk, targets, topology, cni }: ScriptMeta): Partial<ScriptMeta> {
  return { id, title, description, source, sha256, risk, targets, topology, cni }
}
