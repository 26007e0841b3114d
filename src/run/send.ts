/** How the text of a block reaches a host: to bash, into a file, or to kubectl. */
import { createHash } from 'node:crypto'
import { fill } from '../runbook/placeholders.ts'
import type { ExecOptions, Host, Outcome } from '../target/target.ts'
import type { Planned } from './plan.ts'

type Values = Readonly<Record<string, string>>

/** The bytes of a block with its values filled in: what bash receives, or what is written. */
export function bytesOf(block: Planned, values: Values): string {
  return fill(block.text, values)
}

export function send(host: Host, block: Planned, values: Values, options: ExecOptions): Promise<Outcome> {
  const bytes = bytesOf(block, values)
  switch (block.action.type) {
    case 'bash':
      return host.bash(bytes, options)
    case 'file': {
      const { path, mode, owner } = block.action
      return host.write(fill(path, values), bytes, {
        timeout: options.timeout,
        ...mode === undefined ? {} : { mode },
        ...owner === undefined ? {} : { owner },
      })
    }
    case 'apply':
      return host.bash(applyScript(bytes, block.action.serverDryRun), options)
  }
}

/** The bytes go through a here-document with a delimiter that they cannot hold; bash expands nothing in it. */
export function applyScript(yaml: string, serverDryRun: boolean): string {
  const delimiter = `proofbook-${createHash('sha256').update(yaml).digest('hex').slice(0, 16)}`
  const flags = serverDryRun ? '--dry-run=server ' : ''
  return `kubectl apply ${flags}-f - <<'${delimiter}'\n${yaml}${yaml.endsWith('\n') ? '' : '\n'}${delimiter}\n`
}
