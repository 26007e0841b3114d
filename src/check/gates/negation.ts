import type { Block, Diagnostic } from '../../runbook/model.ts'
import { expansionsOf } from '../bash/expansions.ts'
import { bashBlocks } from '../bash/scripts.ts'
import { pageGate, placeOf, type Page } from '../gate.ts'

/**
 * `set -e` does not end at a command behind `!` (bash manual, "The Set Builtin"): as any line but the last it can say
 * whatever it likes, and the check that holds it can not fail.
 */
export const negation = pageGate({
  name: 'negation',
  refuses: 'a line that starts with `!`, is not the last one and has no `||`: bash goes on whatever it says',
  look: (page) => bashBlocks(page).flatMap((block) => passedOver(block, page)),
})

function passedOver({ text, kind, name, position }: Block, { runbook: { path }, lines }: Page): Diagnostic[] {
  return [...text.matchAll(/^[ \t]*! .*$/gm)].flatMap(({ index, 0: line }) => {
    if (!isCode(text, index)) return []
    const row = text.slice(0, index).split('\n').length - 1
    const { command, rest } = cut(text, index)
    if (command.includes('||') || !/^\s*[^#\s]/m.test(rest)) return []
    return [{
      path, ...placeOf({ text, position }, lines, row),
      message: `bash passes over a line of ${kind} "${name}"`, received: line.trim(),
      expected: '`|| exit 1` behind it: only as the last line does a command behind ! end a block that runs with -e',
    }]
  })
}

/** A command can start there: no comment, no heredoc, no quotes. A variable put there would be one that bash splits. */
function isCode(text: string, at: number): boolean {
  return expansionsOf(`${text.slice(0, at)}$x ${text.slice(at)}`).some((use) => use.at === at && !use.whole)
}

/** The command that starts there, over all of its lines, and what follows it. */
function cut(text: string, from: number): { readonly command: string, readonly rest: string } {
  let end = from
  do end = text.indexOf('\n', end) + 1
  while (end > 0 && (/(?:\\|\||&&)\n$/.test(text.slice(from, end)) || !isCode(text, end)) && end < text.length)
  return end > 0 ? { command: text.slice(from, end), rest: text.slice(end) } : { command: text.slice(from), rest: '' }
}
