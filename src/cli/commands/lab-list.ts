import type { Command } from 'commander'
import { withJson } from '../options.ts'

/** `proofbook lab list`. */
export function labList(group: Command): void {
  withJson(group.command('list'))
    .description('every lab of this machine: state, age, what it is made of, where its files are')
    .addHelpText('after', '\nExample:\n  proofbook lab list --json')
    .action(async ({ json }: { json?: boolean }) => {
      const { labs } = await import('../../lab/labs.ts')
      const { age, columns, print, printJson } = await import('../output.ts')

      const found = await labs()
      if (json) return printJson('lab list', { labs: found })
      print(found.length === 0 ? 'no labs' : columns([
        ['NAME', 'STATE', 'AGE', 'TARGET', 'CNI', 'SIZE', 'FOLDER'],
        ...found.map(({ name, state, createdAt, target, cni, size, folder }) =>
          [name, state, createdAt === undefined ? '-' : age(createdAt), target ?? '-', cni ?? '-', size ?? '-', folder]),
      ]))
    })
}
