import { $ } from 'zx/core'
import { fill } from '../runbook/placeholders.ts'
import type { Diagnostic } from '../runbook/model.ts'
import { placeOf, type Gate } from './gate.ts'

/** `bash -n` on every block that bash runs, as it is sent: by standard input. */
export const bashSyntax: Gate = {
  name: 'bash syntax',
  async check(runbook, { values, lines }) {
    const blocks = runbook.blocks.filter(({ action, kind }) => action.type === 'bash' && kind !== 'skip')
    const found: Diagnostic[] = []
    for (const block of blocks) {
      const run = $({ input: fill(block.text, values), quiet: true, nothrow: true,
        env: { ...process.env, LC_ALL: 'C' } })
      const { stderr } = await run`bash -n`
      const rows = block.text.split('\n').length - 1
      // A heredoc that never ends is only a warning to bash, and exit 0.
      for (const [, row, message] of stderr.matchAll(/^bash: line (\d+): (?!`)(.*)$/gm)) {
        found.push({
          path: runbook.path, ...placeOf(block, lines, Math.min(Number(row), rows) - 1),
          message: `bash cannot read ${block.kind} "${block.name}"`, received: message!.replace(/^warning: /, ''),
          expected: 'valid bash',
        })
      }
    }
    return found
  },
}
