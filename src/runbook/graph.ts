/** What blocks say of each other: unique names, rollbacks that undo a step, needs that come before. */
import type { Report } from './field.ts'
import type { Word } from './info.ts'
import type { Block, Risk } from './model.ts'
import { didYouMean } from './suggest.ts'

export interface Entry {
  readonly block: Block
  readonly words: ReadonlyMap<string, Word>
}

export function checkGraph(entries: readonly Entry[], risk: Risk | undefined, report: Report): void {
  const wrong = ({ block, words }: Entry, key: string, message: string, received: string, expected: string) => {
    const word = words.get(key) ?? words.get(block.kind)
    const position = { line: block.position.line, column: word?.column ?? block.position.column }
    report({ position, message, received, expected, length: word?.length ?? 3 })
  }
  const named = new Map<string, Entry>()
  const undone = new Map<string, Entry>()

  // One name space for all but rollbacks: `--from NAME` and `needs=NAME` must mean one block.
  for (const entry of entries) {
    const { kind, name, position } = entry.block
    if (kind === 'skip') continue
    const known = kind === 'rollback' ? undone : named
    const twin = known.get(name)
    if (twin === undefined) known.set(name, entry)
    else {
      wrong(entry, kind, kind === 'rollback' ? `second rollback of step "${name}"` : `duplicate name "${name}"`,
        `${kind}=${name} on line ${position.line}`,
        `a name that no other block has; line ${twin.block.position.line} has ${twin.block.kind}=${name}`)
    }
  }

  const steps = entries.filter(({ block }) => block.kind === 'step')
  for (const entry of undone.values()) {
    const { name } = entry.block
    if (named.get(name)?.block.kind !== 'step') {
      const names = steps.map(({ block }) => block.name)
      wrong(entry, 'rollback', `rollback of unknown step "${name}"${didYouMean(name, names)}`, `"${name}"`,
        names.length === 0 ? 'a step; the page has none' : `one of ${names.join(', ')}`)
    }
  }
  for (const entry of steps) {
    const { name, noRollback } = entry.block
    const undo = undone.get(name)
    if (undo === undefined && noRollback === undefined) {
      wrong(entry, 'step', `step "${name}" has no rollback`, 'no way back',
        `a fence with rollback=${name}, or rollback="none: why" on the step`)
    } else if (undo !== undefined && noRollback !== undefined) {
      wrong(undo, 'rollback', `rollback of step "${name}", which says that it has none`, `rollback=${name}`,
        `only one of this fence and rollback="none: ..." on line ${entry.block.position.line}`)
    }
  }
  if (risk === 'read-only') {
    const first = entries.find(({ block }) => block.kind === 'step' || block.kind === 'drill')
    if (first !== undefined) {
      wrong(first, first.block.kind, 'a read-only page changes something', `${first.block.kind} "${first.block.name}"`,
        'risk: reversible or outage')
    }
  }
  checkNeeds(entries, named, wrong)
}

function checkNeeds(entries: readonly Entry[], named: ReadonlyMap<string, Entry>,
  wrong: (entry: Entry, key: string, message: string, received: string, expected: string) => void): void {
  const needed = [...named.values()].filter(({ block }) => block.kind !== 'cleanup')
  const reported = new Set<Entry>()
  for (const entry of entries) {
    for (const need of entry.block.needs) {
      const { name, kind, position } = entry.block
      const target = needed.find(({ block }) => block.name === need)
      if (target === undefined) {
        const names = needed.filter(({ block }) => block.position.line < position.line).map(({ block }) => block.name)
        wrong(entry, 'needs', `${kind} "${name}" needs unknown "${need}"${didYouMean(need, names)}`, `"${need}"`,
          names.length === 0 ? 'a block above this one; there is none' : `one of ${names.join(', ')}`)
        continue
      }
      if (target.block.position.line < position.line) continue
      // Needs that all point up cannot form a cycle, so only those that point down (or at themselves) are followed.
      const cycle = pathTo(entry, target, named)
      if (cycle === undefined) {
        wrong(entry, 'needs', `${kind} "${name}" needs "${need}", which comes later`,
          `"${need}" on line ${target.block.position.line}`,
          'blocks above this one')
      } else if (!cycle.some((member) => reported.has(member))) {
        cycle.forEach((member) => reported.add(member))
        wrong(entry, 'needs', 'needs form a cycle', [entry, ...cycle].map(({ block }) => block.name).join(' -> '),
          'blocks above this one')
      }
    }
  }
}

/** The chain of needs from `from` back to `goal`, both ends included; undefined when there is none. */
function pathTo(goal: Entry, from: Entry, named: ReadonlyMap<string, Entry>,
  seen = new Set<Entry>()): Entry[] | undefined {
  if (from === goal) return [goal]
  if (seen.has(from)) return undefined
  seen.add(from)
  for (const need of from.block.needs) {
    const next = named.get(need)
    const rest = next && pathTo(goal, next, named, seen)
    if (rest !== undefined) return [from, ...rest]
  }
  return undefined
}
