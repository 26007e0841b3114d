/** One fence to one block: the words checked against the grammar, their values read. */
import { readAction } from './action.ts'
import type { Report } from './field.ts'
import { DEFAULT_TIMEOUT, keyRules, ruleOf } from './grammar.ts'
import type { Word } from './info.ts'
import type { Block } from './model.ts'
import type { Fence } from './page.ts'
import * as readers from './readers.ts'
import { didYouMean, listed } from './suggest.ts'
import { DEFAULT_HOST, LAB_HOST } from './topologies.ts'
import { isIllustrative } from './unlabelled.ts'
import { checkPairs, purposeOf, readWords, subjectOf } from './words.ts'

/** What a fence is: a block, the output of the block before, something to read, or a mistake that was reported. */
export type Reading =
  | { readonly type: 'block', readonly block: Block, readonly words: ReadonlyMap<string, Word> }
  | { readonly type: 'output' } | { readonly type: 'text' } | { readonly type: 'mistake' }

/** Reads one fence; `hosts` are those that `on=` may name. */
export function readBlock(fence: Fence, hosts: readonly string[], report: Report): Reading {
  const { words, sound } = readWords(fence, report)
  const { line } = fence.position
  let good = sound
  const wrong = (word: Word, message: string, received: string, expected: string) => {
    good = false
    report({ position: { line, column: word.column }, message, received, expected, length: word.length })
  }
  const wrongFence = (message: string, received: string, expected: string) => {
    good = false
    report({ position: fence.position, message, received, expected, length: fence.opening.length })
  }

  const purpose = purposeOf(words, wrong)
  const subject = purpose === undefined || purpose === 'mistake' ? 'this fence' : subjectOf(purpose, words)
  for (const word of words.values()) {
    const rule = ruleOf(word.key)
    if (rule === undefined) {
      wrong({ ...word, length: word.key.length },
        `unknown key "${word.key}" on ${subject}${didYouMean(word.key, Object.keys(keyRules))}`, `"${word.key}"`,
        `one of ${Object.keys(keyRules).join(', ')}`)
    } else if ((word.value === undefined || word.value === '') ? rule.value === 'required' : rule.value === 'none') {
      wrong(word, `bad "${word.key}" on ${subject}`,
        word.value === undefined ? 'no value' : JSON.stringify(word.value), rule.form)
    } else if (purpose !== undefined && purpose !== 'mistake' && !rule.on.includes(purpose)) {
      wrong(word, `"${word.key}" does not belong on ${subject}`, `"${word.key}" on a ${purpose} block`,
        `"${word.key}" on ${listed(rule.on)} only`)
    }
  }
  if (purpose === 'mistake') return { type: 'mistake' }
  if (purpose === undefined) return { type: isIllustrative(fence, words, report) && good ? 'text' : 'mistake' }
  if (purpose === 'output') {
    if (fence.language !== 'text') {
      wrongFence('output in a fence that is not text', `language "${fence.language}"`, '```text output')
    }
    return good ? { type: 'output' } : { type: 'mistake' }
  }

  // Every value is looked at, so that one run of the checker shows all that is wrong with a fence.
  const read = <T>(key: string, convert: (value: string) => T | undefined): T | undefined => {
    const word = words.get(key)
    if (word?.value === undefined || word.value === '') return undefined
    const value = convert(word.value)
    if (value === undefined) wrong(word, `bad "${key}" on ${subject}`, JSON.stringify(word.value), keyRules[key]!.form)
    return value
  }
  const name = purpose === 'skip' ? `skip-${line}` : read(purpose, readers.name)
  const noRollback = purpose === 'step' ? read('rollback', readers.noRollback) : undefined
  const timeout = read('timeout', readers.period)
  const eventually = read('eventually', readers.period)
  const stable = read('stable', readers.times)
  const backoff = read('backoff', readers.backoff)
  const exit = read('exit', readers.exitCode)
  const fail = read('expect', readers.failure)
  const needs = read('needs', readers.names)
  const tags = read('tags', readers.names)
  const capture = read('capture', readers.capture)
  const ready = read('ready', readers.ready)
  const skipReason = read('skip', readers.reason)
  const condition = read('if', readers.condition)
  const on = words.get('on')
  if (on?.value !== undefined && on.value !== '' && !hosts.includes(on.value)) {
    wrong(on, `unknown host "${on.value}" on ${subject}${didYouMean(on.value, hosts)}`, `"${on.value}"`, listed(hosts))
  } else if (on?.value === LAB_HOST && purpose !== 'drill') {
    wrong(on, `on=${LAB_HOST} on ${subject}`, `a ${purpose} block`,
      `a drill: only a fault may touch the machine that runs the lab`)
  }
  checkPairs(words, subject, wrong)
  const action = readAction(fence, words, purpose, subject, wrong)
  if (fence.text.trim() === '' && purpose !== 'skip') {
    wrongFence(`${subject} is empty`, 'no text between the fences', 'something to run or write')
  }
  if (!good || action === undefined || name === undefined) return { type: 'mistake' }

  return {
    type: 'block',
    words,
    block: {
      kind: purpose, name, language: fence.language ?? '', action, text: fence.text, on: on?.value ?? DEFAULT_HOST,
      parallel: words.has('parallel'), timeout: timeout ?? DEFAULT_TIMEOUT, exit: fail ?? exit ?? 0,
      ...(eventually === undefined ? {} : { polling: { eventually, stable: stable ?? 1, ...(backoff && { backoff }) } }),
      needs: needs ?? [], ...(condition && { condition }), background: words.has('background'), ...(ready && { ready }),
      ...(capture && { capture }), destructive: words.has('destructive'), once: words.has('once'), tags: tags ?? [],
      ...(noRollback === undefined ? {} : { noRollback }), ...(skipReason === undefined ? {} : { skipReason }),
      heading: fence.heading, why: fence.why, position: fence.position,
    },
  }
}
