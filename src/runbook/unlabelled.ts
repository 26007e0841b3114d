/** A fence that names no purpose: something to read, or a mistake. */
import type { Report } from './field.ts'
import { illustrative, ruleOf, runnable } from './grammar.ts'
import type { Word } from './info.ts'
import type { Fence } from './page.ts'

/** Whether the fence is only read; otherwise it is reported. */
export function isIllustrative(fence: Fence, words: ReadonlyMap<string, Word>, report: Report): boolean {
  const { language, position, opening } = fence
  if (language === undefined) {
    report({ position, message: 'fence without a language', received: opening,
      expected: '```text for something to read, or a labelled fence', length: opening.length })
    return false
  }
  if (illustrative.includes(language) && words.size === 0) return true
  // An unknown key was reported already and may well be the label, misspelt.
  if ([...words.keys()].some((key) => ruleOf(key) === undefined)) return false
  const forms = runnable.includes(language)
    ? 'step=, check=, precheck=, drill=, rollback=, cleanup= with a name, or skip="reason"'
    : 'step=NAME with file=PATH or apply, rollback=STEP, or skip="reason"; ```text for something to read'
  report({ position, message: `unlabelled ${language} fence`, received: opening, expected: forms, length: opening.length })
  return false
}
