import type { Runbook } from '../runbook/model.ts'
import type { Script } from '../script/api.ts'
import { callOrder } from '../script/emit.ts'
import { optionsOf } from '../script/options.ts'

/** A script in memory that makes the same calls as the emitted module: to show a plan without writing a file. */
export function scriptOf(runbook: Runbook): Script {
  return {
    meta: { ...runbook, source: runbook.path },
    async main(book) {
      for (const block of callOrder(runbook.blocks)) await book[block.kind](block.name, optionsOf(block), block.text)
    },
  }
}
