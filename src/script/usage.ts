/** What `--help` of an extracted script prints. */
import { formatDuration } from '../runbook/duration.ts'
import type { Block, Runbook } from '../runbook/model.ts'

/** `haproxy/external-load-balancer` is extracted to `external-load-balancer.mjs`. */
export function fileName(id: string): string {
  return `${id.split('/').at(-1)}.mjs`
}

/** Plain text without a last line end. */
export function usage(runbook: Runbook, blocks: readonly Block[]): string {
  const file = fileName(runbook.id)
  const first = runbook.variables.find(({ type }) => type !== 'secret')
  const shown = blocks.filter(({ kind }) => kind !== 'rollback' && kind !== 'cleanup' && kind !== 'skip')
  const undo = new Set(blocks.filter(({ kind }) => kind === 'rollback').map(({ name }) => name))
  return [
    runbook.title,
    runbook.description,
    '',
    `Usage: npx zx ${file} [options]`,
    '',
    `Risk: ${runbook.risk}${runbook.duration === undefined ? '' : `; takes about ${formatDuration(runbook.duration)}`}`,
    '',
    'Variables (--set name=value):',
    ...table(runbook.variables.map(({ name, type, values, default: preset, label }) =>
      [name, values === undefined ? type : values.join('|'), type === 'secret' ? 'from the environment or asked for' : `default ${preset}`, label])),
    '',
    'Blocks, in order (name, host):',
    ...table(shown.map(({ kind, name, on }) => [kind, name, on,
      kind !== 'step' ? '' : undo.has(name) ? 'can be undone' : 'no rollback'])),
    '',
    'Options:',
    ...table([
      ['--list', 'the blocks and nothing else, one a line: kind, name, host'],
      ['--step NAME', 'this step and its checks only'],
      ['--dry-run', 'print every command with its values, run nothing'],
      ['--target NAME', 'where to run: hosts (your own machines), local (this machine), kind or k3d (a lab)'],
      ['--set name=value', 'value of a variable; may be repeated'],
      ['--values FILE', 'values from a YAML file'],
      ['--help', 'this text'],
    ]),
    '  All other options of "proofbook run" are passed on.',
    '',
    'How to run:',
    '  npm install proofbook zx',
    `  npx zx ${file}${first === undefined ? '' : ` --set ${first.name}=${first.default}`}`,
  ].join('\n')
}

function table(rows: readonly (readonly string[])[]): string[] {
  if (rows.length === 0) return ['  none']
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)))
  return rows.map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column]!)).join('  ')}`.trimEnd())
}
