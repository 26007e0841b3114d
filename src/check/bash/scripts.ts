/** The texts that bash is sent, of many pages. */
import type { Block } from '../../runbook/model.ts'
import { fill } from '../../runbook/placeholders.ts'
import type { Page } from '../gate.ts'

export interface Script {
  readonly page: Page
  readonly block: Block
  /** Values filled in. */
  readonly text: string
}

/** Every block of a page that bash runs. */
export function bashBlocks({ runbook }: Page): Block[] {
  return runbook.blocks.filter(({ action, kind }) => action.type === 'bash' && kind !== 'skip')
}

export function scriptsOf(pages: readonly Page[]): Script[] {
  return pages.flatMap((page) => bashBlocks(page).map((block) => ({ page, block, text: fill(block.text, page.values) })))
}
