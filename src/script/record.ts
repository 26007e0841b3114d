import type { Block, BlockKind } from '../runbook/model.ts'
import type { Book, Script } from './api.ts'
import { blockOf } from './options.ts'

/** The blocks of a script in its own order, nothing run: for plans, listings and tests. */
export async function recordBlocks(script: Script): Promise<Block[]> {
  const blocks: Block[] = []
  const note = (kind: BlockKind): Book['step'] => async (name, options, text) => {
    blocks.push(blockOf(kind, name, options, text))
  }
  await script.main({
    precheck: note('precheck'), step: note('step'), check: note('check'), drill: note('drill'),
    rollback: note('rollback'),
    cleanup: note('cleanup'), skip: note('skip'),
  })
  return blocks
}
