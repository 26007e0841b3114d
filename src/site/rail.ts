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
  const steps = runbook.blocks.filter(({ kind }) => kind === 'step')
    .map((step, index) => ({ heading: step.heading, depth: item.depth + 1, slug: anchorOf(step), text: `Step ${index + 1}: ${sentence(step.name)}`, children: [] }))
    .filter(({ heading }) => heading === item.text)
    .map(({ heading: _, ...step }) => step)
  return { ...item, children: [...steps, ...item.children.map(child => withSteps(child, runbook))] }
}
