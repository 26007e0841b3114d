/** The words of a fence line: read, each once, and what they say the fence is for. */
import type { Report } from './field.ts'
import { purposes, type Purpose } from './grammar.ts'
import { parseInfo, type Word } from './info.ts'
import type { Fence } from './page.ts'
import { listed } from './suggest.ts'

/** Reports one word of a fence. */
export type Wrong = (word: Word, message: string, received: string, expected: string) => void

/** The words by key; `sound` is false when something was reported. */
export function readWords(fence: Fence, report: Report): { words: Map<string, Word>, sound: boolean } {
  const { line } = fence.position
  const { words: list, bad } = parseInfo(fence.info, fence.infoColumn)
  for (const { message, received, expected, column, length } of bad) {
    report({ position: { line, column }, message: `fence line: ${message}`, received, expected, length })
  }
  if (fence.rewritten) {
    report({
      position: { line, column: fence.infoColumn }, message: 'fence line that Markdown rewrites',
      received: 'a backslash escape or a character reference', expected: 'the characters themselves',
      length: fence.info.length,
    })
  }
  const words = new Map<string, Word>()
  let sound = bad.length === 0 && !fence.rewritten
  for (const word of list) {
    if (words.has(word.key)) {
      sound = false
      report({ position: { line, column: word.column }, message: `key "${word.key}" given twice`,
        received: `"${word.key}" again`, expected: 'each key once', length: word.length })
    } else words.set(word.key, word)
  }
  return { words, sound }
}

/** The purpose that the words name; `rollback="none: why"` is a remark on a step. */
export function purposeOf(words: ReadonlyMap<string, Word>, wrong: Wrong): Purpose | 'mistake' | undefined {
  const named = purposes.filter((purpose) => words.has(purpose))
  const meant = named.includes('step') && named.includes('rollback')
    ? named.filter((purpose) => purpose !== 'rollback')
    : named
  if (meant.length > 1) {
    wrong(words.get(meant[1]!)!, 'fence with two purposes', meant.join(' and '), `one of ${listed(purposes)}`)
    return 'mistake'
  }
  const rollback = words.get('rollback')
  if (rollback?.value !== undefined && meant[0] === 'step' && !/^none: *\S/.test(rollback.value)) {
    wrong(rollback, `bad "rollback" on ${subjectOf('step', words)}`, JSON.stringify(rollback.value),
      'rollback="none: why", or a fence of its own with rollback=STEP')
    return 'mistake'
  }
  if (rollback?.value?.startsWith('none') === true && meant[0] === 'rollback') {
    wrong(rollback, 'rollback="none: why" without a step', JSON.stringify(rollback.value),
      'step=NAME in the same fence')
    return 'mistake'
  }
  return meant[0]
}

/** Words that mean nothing without another one, and words that contradict each other. */
export function checkPairs(words: ReadonlyMap<string, Word>, subject: string, wrong: Wrong): void {
  for (const { key, without, received, expected } of dependents) {
    const word = words.get(key)
    if (word !== undefined && !words.has(without)) wrong(word, `"${key}" without "${without}" on ${subject}`, received, expected)
  }
  for (const { one, other, expected } of contradictions) {
    const word = words.get(other)
    if (word !== undefined && words.has(one)) wrong(word, `"${one}" and "${other}" on ${subject}`, 'both', expected)
  }
}

const dependents = [
  { key: 'stable', without: 'eventually', received: 'no time in which to succeed again', expected: 'eventually=60s beside it' },
  { key: 'backoff', without: 'eventually', received: 'no time in which to try again', expected: 'eventually=60s beside it' },
  { key: 'ready', without: 'background', received: 'a block whose end is waited for', expected: 'background beside it' },
] as const

const contradictions = [
  { one: 'expect', other: 'exit', expected: 'one of them: exit=N is the stricter' },
  { one: 'ready', other: 'capture', expected: 'one of them: a block that is ended with the page has no last word' },
] as const

/** How messages name a fence: `step "install"`, `this skip fence`. */
export function subjectOf(purpose: Purpose, words: ReadonlyMap<string, Word>): string {
  const name = words.get(purpose)?.value
  const nameless = purpose === 'skip' || purpose === 'output' || name === undefined
  return nameless ? `this ${purpose} fence` : `${purpose} "${name}"`
}
