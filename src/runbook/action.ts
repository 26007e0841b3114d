/** What happens to the text of a block: run, written to a file, or applied. */
import { appliable, runnable, type Purpose } from './grammar.ts'
import type { Word } from './info.ts'
import type { Action } from './model.ts'
import type { Fence } from './page.ts'
import { path as readPath } from './readers.ts'
import { listed } from './suggest.ts'
import type { Wrong } from './words.ts'

/** The action that the words ask for; undefined after reporting what is wrong. */
export function readAction(fence: Fence, words: ReadonlyMap<string, Word>, purpose: Purpose, subject: string,
  wrong: Wrong): Action | undefined {
  const [file, apply] = [words.get('file'), words.get('apply')]
  const label = words.get(purpose)!
  const language = fence.language ?? 'nameless'
  let good = true
  const fault = (word: Word, message: string, received: string, expected: string) => {
    good = false
    wrong(word, message, received, expected)
  }
  for (const key of ['mode', 'owner'] as const) {
    const word = words.get(key)
    if (word === undefined || file !== undefined) continue
    fault(word, `"${key}" without "file" on ${subject}`, `"${key}"`, 'file=PATH beside it')
  }
  for (const key of ['expect', 'exit'] as const) {
    const word = words.get(key)
    if (word !== undefined && file !== undefined) fault(word, `"${key}" on a file`, `"${key}"`, 'a block that runs')
  }
  for (const key of ['background', 'capture'] as const) {
    const word = words.get(key)
    if (word === undefined || (file ?? apply) === undefined) continue
    fault(word, `"${key}" on ${subject}`, 'a block that bash does not run', 'a bash block')
  }
  if (file !== undefined && apply !== undefined) {
    fault(apply, `"file" and "apply" on ${subject}`, 'both', 'one of them')
  } else if (file !== undefined) {
    const path = file.value ?? ''
    if (readPath(path) === undefined) {
      fault(file, `bad "file" on ${subject}`, JSON.stringify(path),
        'an absolute path of letters, digits, dots, -, _, @ and +, without ..')
    }
    const mode = words.get('mode')
    if (mode?.value !== undefined && !/^0?[0-7]{3}$/.test(mode.value)) {
      fault(mode, `bad "mode" on ${subject}`, JSON.stringify(mode.value), 'octal digits such as 0644')
    }
    const owner = words.get('owner')
    if (owner?.value !== undefined && !/^[a-z_][a-z0-9_-]*(?::[a-z_][a-z0-9_-]*)?$/.test(owner.value)) {
      fault(owner, `bad "owner" on ${subject}`, JSON.stringify(owner.value), 'user or user:group')
    }
    const attributes = { ...(mode?.value ? { mode: mode.value } : {}), ...(owner?.value ? { owner: owner.value } : {}) }
    return good ? { type: 'file', path, ...attributes } : undefined
  } else if (apply !== undefined) {
    if (apply.value !== undefined && apply.value !== 'server-dry-run') {
      fault(apply, `bad "apply" on ${subject}`, JSON.stringify(apply.value), 'apply or apply=server-dry-run')
    } else if (apply.value === undefined && (purpose === 'check' || purpose === 'precheck')) {
      fault(apply, `"apply" on ${subject}`, 'a change on a block that only observes', 'apply=server-dry-run')
    }
    if (!appliable.includes(language)) {
      fault(apply, `"apply" in a ${language} fence`, `language "${language}"`, listed(appliable))
    }
    return good ? { type: 'apply', serverDryRun: apply.value !== undefined } : undefined
  } else if (purpose !== 'skip' && !runnable.includes(language)) {
    fault(label, `${subject} in a ${language} fence`, `language "${language}"`, 'bash or sh, or file=PATH, or apply')
  }
  return good ? { type: 'bash' } : undefined
}
