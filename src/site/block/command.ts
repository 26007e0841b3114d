import type { Block, Runbook } from '../../runbook/model.ts'

/** The line that runs the page with values: every one is named, so that nothing is asked. */
export function runCommand({ id, variables }: Pick<Runbook, 'id' | 'variables'>): string {
  const lines = [{ text: `npx proofbook run ${id}`, length: Infinity }]
  for (const { name, default: proven } of variables) {
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

/** Characters in a line of the command, so that it fits the page and can be copied as it stands. */
const WIDTH = 72

/** The line that runs one block alone. Undo and cleanup have no name of their own on the command line. */
export function onlyCommand({ id }: Pick<Runbook, 'id'>, block: Block): string | undefined {
  switch (block.kind) {
    case 'precheck':
    case 'step':
    case 'check': return `npx proofbook run ${id} --only ${block.name}`
    case 'drill': return `npx proofbook verify ${id} --on kind --only ${block.name}`
    default: return undefined
  }
}

export const verifyCommand = (id: string, target: string): string => `npx proofbook verify ${id} --on ${target}`
