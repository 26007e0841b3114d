/** A block as the options of one call, and back. What a block shares with every plain block is left out. */
import { DEFAULT_TIMEOUT } from '../runbook/grammar.ts'
import type { Block, BlockKind } from '../runbook/model.ts'
import { DEFAULT_HOST } from '../runbook/topologies.ts'
import type { BlockOptions } from './api.ts'

const plain = {
  language: 'bash', action: { type: 'bash' }, on: DEFAULT_HOST, timeout: DEFAULT_TIMEOUT, exit: 0, needs: [],
  parallel: false, background: false, destructive: false, once: false, tags: [], heading: '', why: '',
} as const satisfies Partial<Block>

/** Order in which options are written. */
const order = ['on', 'parallel', 'language', 'action', 'timeout', 'exit', 'polling', 'needs', 'condition',
  'background', 'ready', 'capture', 'destructive', 'once', 'tags', 'noRollback', 'skipReason', 'output', 'heading', 'why',
] as const satisfies readonly (keyof BlockOptions)[]

/** What a script's call carries beside name and text. */
export function optionsOf(block: Block): BlockOptions {
  const options: Record<string, unknown> = { line: block.position.line }
  for (const key of order) {
    const value = block[key]
    const usual = (plain as Partial<Block>)[key]
    if (value !== undefined && JSON.stringify(value) !== JSON.stringify(usual)) options[key] = value
  }
  return options as BlockOptions
}

/** The block that a call of a script stands for. The column of the fence is not carried: it is 1. */
export function blockOf(kind: BlockKind, name: string, options: BlockOptions, text: string): Block {
  const { line, ...given } = options
  return { ...plain, ...given, kind, name, text, position: { line, column: 1 } }
}
