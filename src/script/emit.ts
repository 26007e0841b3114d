/**
 * emitScript(runbook: Runbook, options: { version: string }): string
 *
 * The one module that the runner, CI and `npx zx` all execute. Equal pages give equal bytes. It imports nothing before
 * it is asked to run, so that `--help` and `--list` answer on a machine that has nothing installed but zx or Node.
 */
import type { Block, Runbook } from '../runbook/model.ts'
import type { ScriptMeta } from './api.ts'
import { DEFAULT_HOST } from '../runbook/topologies.ts'
import { literal, quote } from './literal.ts'
import { optionsOf } from './options.ts'
import { fileName, usage } from './usage.ts'

/** Cleanup first, each rollback just before its step, else page order. */
export function callOrder(blocks: readonly Block[]): Block[] {
  const rollbacks = new Map(blocks.filter(({ kind }) => kind === 'rollback').map((block) => [block.name, block]))
  const rest = blocks.filter(({ kind }) => kind !== 'cleanup' && kind !== 'rollback')
  return [
    ...blocks.filter(({ kind }) => kind === 'cleanup'),
    ...rest.flatMap((block) => {
      const rollback = block.kind === 'step' ? rollbacks.get(block.name) : undefined
      return rollback === undefined ? [block] : [rollback, block]
    }),
  ]
}

/** The ES module of a runbook; `version` is Proofbook's own. */
export function emitScript(runbook: Runbook, { version }: { readonly version: string }): string {
  const { id, title, description, path, sha256, topology, cni, targets, risk, idempotent, verifiedFor } = runbook
  const { traffic, downtimeBudget, versions, variables } = runbook
  const source = path.replaceAll('\\', '/')
  const meta: ScriptMeta = { id, title, description, source, sha256, topology, cni, targets, risk, idempotent, verifiedFor,
    traffic, downtimeBudget, versions, variables }
  return `#!/usr/bin/env zx
// ${id}: extracted by proofbook ${version} from ${meta.source} (sha256 ${sha256})
// Do not edit: change the page and extract again. Usage: npx zx ${fileName(id)} --help

const meta = ${literal(meta)}

const lines = (...rows) => rows.join('\\n') + '\\n'

async function main(book) {
${callOrder(runbook.blocks).map(call).join('')}}

export default { meta, main }

${ending(runbook, version)}`
}

function call(block: Block): string {
  // Text that does not end in a line end (only a block that is never run) is written as it is.
  const rows = block.text.endsWith('\n') ? block.text.slice(0, -1).split('\n') : undefined
  const text = rows === undefined ? quote(block.text)
    : `lines(\n${rows.map((row) => `    ${quote(row)},\n`).join('')}  )`
  return `  await book.${block.kind}(${quote(block.name)}, ${literal(optionsOf(block), '  ')}, ${text})\n`
}

function ending(runbook: Runbook, version: string): string {
  return `const usage = lines(
${usage(runbook, callOrder(runbook.blocks)).split('\n').map((row) => `  ${quote(row)},\n`).join('')})

// A block a line: kind, name and host, in the order in which they run.
const list = () => main(new Proxy({}, {
  get: (_, kind) => async (name, { on = '${DEFAULT_HOST}' }) => {
    if (!['rollback', 'cleanup', 'skip'].includes(kind)) process.stdout.write(lines([kind, name, on].join(' ')))
  },
}))

const imported = globalThis[Symbol.for('proofbook.session')] !== undefined
const asked = (...words) => !imported && process.argv.some((arg) => words.includes(arg))
if (asked('--help', '-h')) {
  process.stdout.write(usage)
} else if (asked('--list')) {
  await list()
} else {
  const runtime = await import('proofbook/runtime').catch((error) => {
    if (error.code !== 'ERR_MODULE_NOT_FOUND' || !error.message.includes("'proofbook'")) throw error
  })
  if (runtime === undefined) {
    process.stderr.write(lines(
      'This runbook is run by proofbook, which is not installed here. Install it beside this file and try again:',
      '  npm install proofbook@${version} zx',
      '  npx zx ${fileName(runbook.id)} --help',
    ))
    process.exitCode = 3
  } else {
    await runtime.start({ meta, main }, import.meta)
  }
}
`
}
