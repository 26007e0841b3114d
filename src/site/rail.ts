/** The rail beside a runbook: its headings, the steps under theirs, and the proof at the end. */
import type { Runbook } from '../runbook/model.ts'
import { anchorOf } from './book.ts'
import { sentence } from './words.ts'

export interface RailItem {
  readonly depth: number
  readonly slug: string
  readonly text: string
  readonly children: RailItem[]
}

const PROOF = { slug: 'how-this-was-verified', text: 'How this was verified' }

export function rail(items: readonly RailItem[], runbook: Runbook): RailItem[] {
  return [...items.map(item => withSteps(item, runbook)), { depth: 2, ...PROOF, children: [] }]
}

function withSteps(item: RailItem, runbook: Runbook): RailItem {
  const steps = runbook.blocks
    .filter(({ kind, heading }) => kind === 'step' && heading === item.text)
    .map(step => ({ depth: item.depth + 1, slug: anchorOf(step), text: sentence(step.name), children: [] }))
  return { ...item, children: [...steps, ...item.children.map(child => withSteps(child, runbook))] }
}
