import type { Command } from 'commander'
import { gather, withJson } from '../options.ts'
import type { BuildFlags, ExportFlags, JsonFlag } from '../lab-images-command.ts'

/** `lab images …`: the parts that labs are made of, apart from any lab. */
export function labImages(lab: Command): void {
  const group = lab.command('images')
    .description('build, list, carry and prune what labs are made of')
    .addHelpText('after', '\nExample:\n  proofbook lab images build --cni cilium && proofbook lab images export lab.tar.zst')
  const sub = (name: string, description: string, example: string): Command => withJson(group.command(name))
    .description(description)
    .addHelpText('after', `\nExample:\n  proofbook lab images ${example}`)

  sub('build', 'make sure of all parts of a lab: pull, load or build what is missing', 'build --cni cilium --cilium-version 1.20')
    .option('--target <name>', 'what makes the cluster: kind or k3d', 'kind')
    .option('--cni <name>', 'the network; any: what the node image brings', 'any')
    .option('--cilium-version <version>', 'a pinned minor or version, e.g. 1.19, or several: 1.19,1.20')
    .option('--haproxy-version <minor>', 'the HAProxy that hosts offer to install: 2.6 with Debian 12, 3.2 with Debian 13')
    .option('--yes', 'set up what is missing without asking')
    .action(async (flags: BuildFlags) => {
      const { build } = await import('../lab-images-command.ts')
      await build(flags)
    })
  sub('list', 'images and programs: version, origin, size, id, and whether they are here', 'list --json')
    .action(async (flags: JsonFlag) => {
      const { list } = await import('../lab-images-command.ts')
      await list(flags)
    })
  sub('export', 'write the parts that are here, with digests, for a machine without registries', 'export lab.tar.zst --only host --only vegeta')
    .argument('<file>', 'to write, by custom NAME.tar.zst')
    .option('--only <part>', 'a part by its name in the list; may be given more than once', gather)
    .action(async (file: string, flags: ExportFlags) => {
      const { exportTo } = await import('../lab-images-command.ts')
      await exportTo(file, flags)
    })
  sub('import', 'check an exported file and take in what is in it', 'import lab.tar.zst')
    .argument('<file>', 'made by export')
    .action(async (file: string, flags: JsonFlag) => {
      const { importFrom } = await import('../lab-images-command.ts')
      await importFrom(file, flags)
    })
  sub('prune', 'remove images and build outputs of earlier recipes', 'prune')
    .action(async (flags: JsonFlag) => {
      const { prune } = await import('../lab-images-command.ts')
      await prune(flags)
    })
}
