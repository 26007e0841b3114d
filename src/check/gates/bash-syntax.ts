import { $ } from 'zx/core'
import type { Diagnostic } from '../../runbook/model.ts'
import { suspects } from '../bash/batch.ts'
import { scriptsOf, type Script } from '../bash/scripts.ts'
import { placeOf, type Gate } from '../gate.ts'

/** `bash -n` on every block that bash runs, as it is sent: by standard input. */
export const bashSyntax: Gate = {
  name: 'bash syntax',
  refuses: 'a block that `bash -n` cannot read',
  async check(pages) {
    const scripts = scriptsOf(pages)
    const found: Diagnostic[] = []
    for (const index of await suspects(scripts.map(({ text }) => text))) found.push(...await read(scripts[index]!))
    return found
  },
}

async function read({ page, block, text }: Script): Promise<Diagnostic[]> {
  const run = $({ input: text, quiet: true, nothrow: true, env: { ...process.env, LC_ALL: 'C' } })
  const { stderr } = await run`bash -n`
  const rows = block.text.split('\n').length - 1
  // A heredoc that never ends is only a warning to bash, and exit 0.
  return [...stderr.matchAll(/^bash: line (\d+): (?!`)(.*)$/gm)].map(([, row, message]) => ({
    path: page.runbook.path, ...placeOf(block, page.lines, Math.min(Number(row), rows) - 1),
    message: `bash cannot read ${block.kind} "${block.name}"`, received: message!.replace(/^warning: /, ''),
    expected: 'valid bash',
  }))
}
