import type { Block, Runbook } from '../../runbook/model.ts'
import { placeholders } from '../../runbook/placeholders.ts'

/** Characters in a line of a command, so that it fits the page and can be copied as it stands. */
const WIDTH = 72

type Page = Pick<Runbook, 'id' | 'variables'>

/** The line that runs the page with values: every one is named, so that nothing is asked. */
export function runCommand(page: Page): string {
  return withValues(`npx proofbook run ${page.id} --inventory hosts.yaml`, page.variables)
}

/** The line that runs one block alone, a drill from there on in a lab. Undo and cleanup run with the page only. */
export function blockCommand(page: Page, block: Block): string | undefined {
  const used = new Set(placeholders(block.text).map(({ name }) => name))
  switch (block.kind) {
    case 'precheck':
    case 'step':
    case 'check': return withValues(`npx proofbook run ${page.id} --only ${block.name} --inventory hosts.yaml`,
      page.variables.filter(({ name }) => used.has(name)))
    case 'drill': return `${verifyCommand(page.id, 'kind')} --from ${block.name} --keep`
    default: return undefined
  }
}

/** Secrets are asked for: they do not belong on a command line. */
function withValues(command: string, variables: Runbook['variables']): string {
  const lines = [{ text: command, length: Infinity }]
  for (const { name, default: proven } of variables.filter(({ type }) => type !== 'secret')) {
    const last = lines.at(-1)!
    const length = `--set ${name}=${proven}`.length
    if (last.length + length + 1 > WIDTH) lines.push({ text: `  --set ${name}={{${name}}}`, length: length + 2 })
    else {
      last.text += ` --set ${name}={{${name}}}`
      last.length += length + 1
    }
  }
  return lines.map(({ text }) => text).join(' \\\n')
}

/** What gives a result on a target: labs are verified, your own machines are run. */
export const commandFor = (id: string, target: string): string =>
  target === 'hosts' ? `npx proofbook run ${id} --inventory hosts.yaml` : verifyCommand(id, target)

const verifyCommand = (id: string, target: string): string => `npx proofbook verify ${id} --on ${target}`
