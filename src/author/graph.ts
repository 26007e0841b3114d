/** A page as a mermaid flowchart: what runs in which order, what looks at it, what undoes it. */
import type { Block, BlockKind, Runbook } from '../runbook/model.ts'

/** How a node of each kind is drawn. */
const shapes: Readonly<Record<Exclude<BlockKind, 'skip'>, readonly [open: string, close: string]>> = {
  precheck: ['{{', '}}'], step: ['[', ']'], check: ['([', '])'], drill: ['>', ']'], rollback: ['[/', '/]'], cleanup: ['[(', ')]'],
}

/** Text that `mermaid` reads, with a last line end. */
export function graph({ title, blocks }: Pick<Runbook, 'title' | 'blocks'>): string {
  const drawn = blocks.filter(({ kind }) => kind !== 'skip')
  // A name such as "end" is a word of mermaid, so that nodes go by number.
  const id = (block: Block): string => `b${drawn.indexOf(block)}`
  const spine = drawn.filter(({ kind }) => kind === 'step' || kind === 'drill')
  const prechecks = drawn.filter(({ kind }) => kind === 'precheck')
  const cleanups = drawn.filter(({ kind }) => kind === 'cleanup')
  const named = new Map(drawn.filter(({ kind }) => kind !== 'rollback').map((block) => [block.name, block]))

  const edges = new Set<string>()
  for (const [from, to] of pairs([...prechecks, ...spine])) edges.add(`${id(from)} --> ${id(to)}`)
  for (const block of drawn) {
    if (block.kind === 'check') {
      const seen = spine.findLast(({ position }) => position.line < block.position.line)
      if (seen) edges.add(`${id(seen)} -.-> ${id(block)}`)
    }
    if (block.kind === 'rollback') edges.add(`${id(block)} -. undoes .-> ${id(named.get(block.name)!)}`)
    for (const need of block.needs) {
      const needed = named.get(need)
      if (needed && !edges.has(`${id(needed)} --> ${id(block)}`)) edges.add(`${id(needed)} -- needed by --> ${id(block)}`)
    }
  }
  for (const cleanup of cleanups) {
    const last = spine.at(-1) ?? drawn.filter(({ kind }) => kind !== 'cleanup').at(-1)
    if (last) edges.add(`${id(last)} --> ${id(cleanup)}`)
  }
  return [
    'flowchart TD', `  accTitle: ${title.replaceAll('\n', ' ')}`,
    ...drawn.map((block) => `  ${id(block)}${label(block)}`), ...[...edges].map((edge) => `  ${edge}`), '',
  ].join('\n')
}

function label(block: Block): string {
  const [open, close] = shapes[block.kind as keyof typeof shapes]
  const facts = [block.on, ...block.condition ? [`if ${block.condition.fact} is ${block.condition.value}`] : [], ...block.background ? ['background'] : []]
  return `${open}"${block.kind} ${block.name}<br/>${facts.join(', ')}"${close}`
}

function pairs<T>(items: readonly T[]): [T, T][] {
  return items.slice(1).map((item, index) => [items[index]!, item])
}
