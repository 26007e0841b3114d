/** Values that blocks print for later blocks: declared once, known before they are used. */
import type { Report } from './field.ts'
import type { Entry } from './graph.ts'
import { matchers } from './matchers.ts'
import type { Block, Capture, Variable } from './model.ts'

/** A captured value and the block that prints it. */
export interface Captured extends Capture {
  readonly by: Block
}

/** Every captured value of a page; a name that means something else already is reported. */
export function readCaptures(entries: readonly Entry[], variables: readonly Variable[], report: Report): readonly Captured[] {
  const captured: Captured[] = []
  for (const { block, words } of entries) {
    if (block.capture === undefined) continue
    const { name } = block.capture
    const word = words.get('capture')!
    const twin = captured.find((other) => other.name === name)
    const taken = variables.some((variable) => variable.name === name) ? 'a variable of the page'
      : Object.hasOwn(matchers, name) ? 'an output matcher'
        : twin === undefined ? undefined : `captured by ${twin.by.kind} "${twin.by.name}" on line ${twin.by.position.line}`
    if (taken === undefined) captured.push({ ...block.capture, by: block })
    else {
      report({ position: { line: block.position.line, column: word.column }, length: word.length,
        message: `capture of "${name}" on ${block.kind} "${block.name}"`, received: `"${name}", ${taken}`, expected: 'a name of its own' })
    }
  }
  return captured
}

/** A block as far as it matters to what it may use. */
export type User = Pick<Block, 'kind' | 'position'>

/** Why a block cannot use a captured value: the sentence's message and what was expected; undefined when it can. */
export function whyNotUsable({ name, by }: Captured, user: User | undefined): { message: string, expected: string } | undefined {
  const source = `${by.kind} "${by.name}" on line ${by.position.line}`
  if (user === undefined || user.kind === 'skip') {
    return { message: `captured value "${name}" in a fence that does not run`, expected: `a block below ${source}` }
  }
  if (user.position.line <= by.position.line) {
    return { message: `captured value "${name}" is not known yet`, expected: `a block below ${source}` }
  }
  if (user.kind === 'precheck' && by.kind !== 'precheck') {
    return { message: `captured value "${name}" in a precheck, which runs before ${source}`, expected: 'a check' }
  }
  if (user.kind === 'cleanup') {
    return { message: `captured value "${name}" in a cleanup, which runs whether or not ${source} did`,
      expected: 'a cleanup that finds out by itself what is left' }
  }
  return undefined
}

/** A value that nobody uses is a mistake, as an unused variable is. */
export function checkAllUsed(captured: readonly Captured[], entries: readonly Entry[], used: ReadonlySet<string>, report: Report): void {
  for (const { name, by } of captured) {
    if (used.has(name)) continue
    const word = entries.find(({ block }) => block.name === by.name && block.kind === by.kind)!.words.get('capture')!
    report({ position: { line: by.position.line, column: word.column }, length: word.length,
      message: `captured value "${name}" is never used`, received: `"${name}"`, expected: `{{${name}}} in a block below` })
  }
}

/** The blocks that print what a block uses are needed by it, whether it says so or not. */
export function withNeeds<T extends Entry>(entry: T, captured: readonly Captured[], uses: ReadonlySet<string>): T {
  const { kind, needs, position } = entry.block
  const sources = captured
    .filter(({ name, by }) => uses.has(name) && by.position.line < position.line && !needs.includes(by.name))
    .map(({ by }) => by.name)
  if (sources.length === 0 || !['step', 'check', 'drill'].includes(kind)) return entry
  return { ...entry, block: { ...entry.block, needs: [...needs, ...new Set(sources)] } }
}

