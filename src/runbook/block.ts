/** One fence to one block: the words checked against the grammar, their values read. */
import { parseDuration } from './duration.ts'
import { readAction } from './action.ts'
import type { Report } from './field.ts'
import { DEFAULT_TIMEOUT, facts, illustrative, keyRules, purposes, runnable, type Purpose } from './grammar.ts'
import { parseInfo, type Word } from './info.ts'
import type { Block } from './model.ts'
import type { Fence } from './page.ts'
import { didYouMean, listed } from './suggest.ts'
import { DEFAULT_HOST, LAB_HOST } from './topologies.ts'

const NAME = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/
const DAY = 86_400_000

/** What a fence is: a block, the output of the block before, something to read, or a mistake that was reported. */
export type Reading =
  | { readonly type: 'block', readonly block: Block, readonly words: ReadonlyMap<string, Word> }
  | { readonly type: 'output' } | { readonly type: 'text' } | { readonly type: 'mistake' }

/** Reads one fence; `hosts` are those that `on=` may name. */
export function readBlock(fence: Fence, hosts: readonly string[], report: Report): Reading {
  const { words, sound } = readWords(fence, report)
  const { line } = fence.position
  const wrong = (word: Word, message: string, received: string, expected: string) =>
    report({ position: { line, column: word.column }, message, received, expected, length: word.length })

  const purpose = purposeOf(words, wrong)
  const subject = purpose === undefined || purpose === 'mistake' ? 'this fence' : subjectOf(purpose, words)
  let good = sound
  for (const word of words.values()) {
    const rule = keyRules[word.key]
    if (rule === undefined) {
      good = false
      wrong({ ...word, length: word.key.length }, `unknown key "${word.key}" on ${subject}${didYouMean(word.key, Object.keys(keyRules))}`, `"${word.key}"`,
        `one of ${Object.keys(keyRules).join(', ')}`)
    } else if ((word.value === undefined || word.value === '') ? rule.value === 'required' : rule.value === 'none') {
      good = false
      wrong(word, `bad "${word.key}" on ${subject}`, word.value === undefined ? 'no value' : JSON.stringify(word.value), rule.form)
    } else if (purpose !== undefined && purpose !== 'mistake' && !rule.on.includes(purpose)) {
      good = false
      wrong(word, `"${word.key}" does not belong on ${subject}`, `"${word.key}" on a ${purpose} block`, `"${word.key}" on ${listed(rule.on)} only`)
    }
  }
  if (purpose === 'mistake') return { type: 'mistake' }
  if (purpose === undefined) return unlabelled(fence, words, good, report)
  if (purpose === 'output') {
    if (fence.language !== 'text') {
      good = false
      report({ position: fence.position, message: 'output in a fence that is not text', received: `language "${fence.language}"`,
        expected: '```text output', length: fence.opening.length })
    }
    return good ? { type: 'output' } : { type: 'mistake' }
  }

  // Every value is looked at, so that one run of the checker shows all that is wrong with a fence.
  const read = <T>(key: string, convert: (value: string) => T | undefined): T | undefined => {
    const word = words.get(key)
    if (word?.value === undefined || word.value === '') return undefined
    const value = convert(word.value)
    if (value === undefined) {
      good = false
      wrong(word, `bad "${key}" on ${subject}`, JSON.stringify(word.value), keyRules[key]!.form)
    }
    return value
  }
  const period = (text: string) => {
    const value = parseDuration(text)
    return value !== undefined && value > 0 && value <= DAY ? value : undefined
  }
  const name = purpose === 'skip' ? `skip-${line}` : read(purpose, (text) => NAME.test(text) ? text : undefined)
  const noRollback = purpose === 'step' ? read('rollback', (text) => /^none: *(\S.*)$/.exec(text)?.[1]) : undefined
  const timeout = read('timeout', period)
  const eventually = read('eventually', period)
  const stable = read('stable', (text) => /^[1-9][0-9]{0,2}$|^1000$/.test(text) ? Number(text) : undefined)
  const exit = read('exit', (text) => /^(?:0|[1-9][0-9]{0,2})$/.test(text) && Number(text) <= 255 ? Number(text) : undefined)
  const fail = read('expect', (text) => text === 'fail' ? 'fail' as const : undefined)
  const needs = read('needs', (text) => text.split(',').every((part) => NAME.test(part)) ? text.split(',') : undefined)
  const skipReason = read('skip', (text) => text.trim() === '' ? undefined : text)
  const condition = read('if', (text) => {
    const [, fact, value] = /^([a-z]+):([A-Za-z0-9][A-Za-z0-9._-]*)$/.exec(text) ?? []
    return fact !== undefined && value !== undefined && facts.includes(fact) ? { fact, value } : undefined
  })
  const on = words.get('on')
  if (on?.value !== undefined && on.value !== '' && !hosts.includes(on.value)) {
    good = false
    wrong(on, `unknown host "${on.value}" on ${subject}${didYouMean(on.value, hosts)}`, `"${on.value}"`, listed(hosts))
  } else if (on?.value === LAB_HOST && purpose !== 'drill') {
    good = false
    wrong(on, `on=${LAB_HOST} on ${subject}`, `a ${purpose} block`, `a drill: only a fault may touch the machine that runs the lab`)
  }
  if (stable !== undefined && !words.has('eventually')) {
    good = false
    wrong(words.get('stable')!, `"stable" without "eventually" on ${subject}`, 'no time in which to succeed again',
      'eventually=60s beside it')
  }
  if (fail !== undefined && exit !== undefined) {
    good = false
    wrong(words.get('exit')!, `"expect" and "exit" on ${subject}`, 'both', 'one of them: exit=N is the stricter')
  }
  const action = readAction(fence, words, purpose, subject, wrong)
  if (fence.text.trim() === '' && purpose !== 'skip') {
    good = false
    report({ position: fence.position, message: `${subject} is empty`, received: 'no text between the fences', expected: 'something to run or write',
      length: fence.opening.length })
  }
  if (!good || action === undefined || name === undefined) return { type: 'mistake' }

  return {
    type: 'block',
    words,
    block: {
      kind: purpose, name, language: fence.language ?? '', action, text: fence.text, on: on?.value ?? DEFAULT_HOST,
      timeout: timeout ?? DEFAULT_TIMEOUT, exit: fail ?? exit ?? 0, needs: needs ?? [],
      ...(eventually === undefined ? {} : { polling: { eventually, stable: stable ?? 1 } }),
      ...(condition === undefined ? {} : { condition }),
      background: words.has('background'), destructive: words.has('destructive'),
      ...(noRollback === undefined ? {} : { noRollback }), ...(skipReason === undefined ? {} : { skipReason }),
      heading: fence.heading, why: fence.why, position: fence.position,
    },
  }
}

type Wrong = (word: Word, message: string, received: string, expected: string) => void

function readWords(fence: Fence, report: Report): { words: Map<string, Word>, sound: boolean } {
  const { line } = fence.position
  const { words: list, bad } = parseInfo(fence.info, fence.infoColumn)
  for (const { message, received, expected, column, length } of bad) {
    report({ position: { line, column }, message: `fence line: ${message}`, received, expected, length })
  }
  if (fence.rewritten) {
    report({ position: { line, column: fence.infoColumn }, message: 'fence line that Markdown rewrites',
      received: 'a backslash escape or a character reference', expected: 'the characters themselves', length: fence.info.length })
  }
  const words = new Map<string, Word>()
  let sound = bad.length === 0 && !fence.rewritten
  for (const word of list) {
    if (words.has(word.key)) {
      sound = false
      report({ position: { line, column: word.column }, message: `key "${word.key}" given twice`, received: `"${word.key}" again`,
        expected: 'each key once', length: word.length })
    } else words.set(word.key, word)
  }
  return { words, sound }
}

/** The purpose that the words name; `rollback="none: why"` is a remark on a step. */
function purposeOf(words: ReadonlyMap<string, Word>, wrong: Wrong): Purpose | 'mistake' | undefined {
  const named = purposes.filter((purpose) => words.has(purpose))
  const meant = named.includes('step') && named.includes('rollback') ? named.filter((purpose) => purpose !== 'rollback') : named
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
    wrong(rollback, 'rollback="none: why" without a step', JSON.stringify(rollback.value), 'step=NAME in the same fence')
    return 'mistake'
  }
  return meant[0]
}

function subjectOf(purpose: Purpose, words: ReadonlyMap<string, Word>): string {
  const name = words.get(purpose)?.value
  return purpose === 'skip' || purpose === 'output' || name === undefined ? `this ${purpose} fence` : `${purpose} "${name}"`
}

function unlabelled(fence: Fence, words: ReadonlyMap<string, Word>, good: boolean, report: Report): Reading {
  const { language, position, opening } = fence
  if (language === undefined) {
    report({ position, message: 'fence without a language', received: opening, expected: '```text for something to read, or a labelled fence',
      length: opening.length })
    return { type: 'mistake' }
  }
  if (illustrative.includes(language) && words.size === 0) return { type: good ? 'text' : 'mistake' }
  // An unknown key was reported already and may well be the label, misspelt.
  if ([...words.keys()].some((key) => keyRules[key] === undefined)) return { type: 'mistake' }
  const forms = runnable.includes(language)
    ? 'step=, check=, precheck=, drill=, rollback=, cleanup= with a name, or skip="reason"'
    : 'step=NAME with file=PATH or apply, rollback=STEP, or skip="reason"; ```text for something to read'
  report({ position, message: `unlabelled ${language} fence`, received: opening, expected: forms, length: opening.length })
  return { type: 'mistake' }
}
