/** Where a bash text uses variables, and which it sets: enough of bash's grammar to tell quotes, comments and heredocs. */

export interface Expansion {
  readonly name: string
  /** Offset of the `$`. */
  readonly at: number
  readonly length: number
  /** Bash does not split what it becomes: in double quotes, in an assignment, in a test or in arithmetic. */
  readonly whole: boolean
  /** `${x:-y}` and its like say themselves what happens where it is not set. */
  readonly guarded: boolean
}

const EXPANSION = /\$(?:\{([#!]?)([A-Za-z_]\w*)([^}]?)|([A-Za-z_]\w*))/y
const NAME_START = /[A-Za-z_{]/
const BREAKS: ReadonlySet<string | undefined> = new Set([' ', '\t', '\n', ';', '&', '|', '('])

/** Every use of a named variable, in order. */
export function expansionsOf(text: string): Expansion[] {
  const found: Expansion[] = []
  if (!text.includes('$')) return found
  /** What the place is inside of, innermost last: `"`, a command substitution, `${...}`, arithmetic, a test. */
  const inside: ('"' | '$(' | '`' | '${' | '((' | '[[' | '(')[] = []
  const heredocs: { readonly delimiter: string, readonly quoted: boolean, readonly tabs: boolean }[] = []
  let wordStart = 0
  for (let i = 0; i < text.length; i++) {
    const char = text[i]!
    const top = inside.at(-1)
    if (char === '\\') {
      i++
      continue
    }
    if (char === '$' && NAME_START.test(text[i + 1] ?? '')) {
      EXPANSION.lastIndex = i
      const match = EXPANSION.exec(text)
      if (match !== null) {
        const [all, mark = '', inner, operator = '', plain] = match
        const whole = inside.some((place) => place === '((' || place === '[[') || top === '"' || top === '${' || mark === '#'
          || /^[A-Za-z_]\w*(?:\[[^\]]*\])?\+?=/.test(text.slice(wordStart, i)) || /\b(?:case|in)\s+$/.test(text.slice(Math.max(0, i - 8), i))
        found.push({ name: (inner ?? plain)!, at: i, length: all.length, whole, guarded: /[:\-+=?]/.test(operator) })
        if (inner !== undefined) inside.push('${')
        i += all.length - 1 - (operator === '' || operator === '}' ? 0 : 1)
        if (inner !== undefined && operator === '}') inside.pop()
        continue
      }
    }
    if (char === '$' && text.startsWith('$((', i)) {
      inside.push('((')
      i += 2
    } else if (char === '$' && text[i + 1] === '(') {
      inside.push('$(')
      i++
      wordStart = i + 1
    } else if (char === '$' && text[i + 1] === '\'' && top !== '"') i = endOfAnsi(text, i + 2)
    else if (char === '"') top === '"' ? inside.pop() : inside.push('"')
    else if (char === '`') top === '`' ? inside.pop() : inside.push('`')
    else if (top === '"') continue
    else if (char === '\'') i = Math.max(i, text.indexOf('\'', i + 1) < 0 ? text.length : text.indexOf('\'', i + 1))
    else if (char === '}' && top === '${') inside.pop()
    else if (char === ')' && top === '((' && text[i + 1] === ')') {
      inside.pop()
      i++
    } else if (char === ')' && (top === '$(' || top === '(')) inside.pop()
    else if (text.startsWith('((', i) && top !== '((') {
      inside.push('((')
      i++
    } else if (char === '(') inside.push('(')
    else if (top === '[[' && text.startsWith(']]', i)) inside.pop()
    else if (text.startsWith('[[ ', i)) inside.push('[[')
    else if (char === '#' && top !== '${' && top !== '((' && /^$|[\s;&|(]/.test(text[i - 1] ?? '')) i = lineEnd(text, i) - 1
    else if (text.startsWith('<<', i) && text[i + 2] !== '<' && top !== '((') {
      const [all, dash = '', mark = '', word = ''] = /^<<(-?)[ \t]*(['"\\]?)([^\s'";&|<>()]+)\2?/.exec(text.slice(i)) ?? []
      if (all !== undefined) {
        heredocs.push({ delimiter: word, quoted: mark !== '', tabs: dash === '-' })
        i += all.length - 1
      }
    } else if (char === '\n') {
      for (const { delimiter, quoted, tabs } of heredocs.splice(0)) {
        const end = endOfHeredoc(text, i + 1, delimiter, tabs)
        if (!quoted) found.push(...expansionsOf(`"${text.slice(i + 1, end.body).replaceAll('"', ' ')}"`).map((use) => ({ ...use, at: use.at + i })))
        i = end.after - 1
      }
    }
    if (BREAKS.has(text[i])) wordStart = i + 1
  }
  return found
}

/** Names that a text sets: by assignment, by a loop, by `read` and its like. */
export function namesSetIn(text: string): Set<string> {
  const names = new Set<string>()
  for (const [, name] of text.matchAll(/(?:^|[\s;&|({!`"])([A-Za-z_]\w*)(?:\[[^\]\n]*\])?\+?=/gm)) names.add(name!)
  for (const [, name] of text.matchAll(/\b(?:for|select)\s+([A-Za-z_]\w*)\b/g)) names.add(name!)
  for (const [, list] of text.matchAll(/\b(?:read|mapfile|readarray|getopts|local|declare|typeset|export|readonly)\b([^\n;&|<>]*)/g)) {
    for (const [name] of list!.matchAll(/(?<![-\w$])[A-Za-z_]\w*/g)) names.add(name)
  }
  for (const [, name] of text.matchAll(/\bprintf\s+-v\s+([A-Za-z_]\w*)/g)) names.add(name!)
  for (const [, body] of text.matchAll(/\(\(([^)]*)/g)) for (const [name] of body!.matchAll(/[A-Za-z_]\w*(?=\s*(?:[-+*/%]?=[^=]|\+\+|--))/g)) names.add(name)
  for (const [, name] of text.matchAll(/\{([A-Za-z_]\w*)\}[<>]/g)) names.add(name!)
  for (const [, name] of text.matchAll(/\bcoproc\s+([A-Za-z_]\w*)\s*\{/g)) names.add(`${name}_PID`).add(name!)
  return names
}

const lineEnd = (text: string, from: number): number => {
  const end = text.indexOf('\n', from)
  return end < 0 ? text.length : end
}

/** The quote that ends `$'...'`. */
function endOfAnsi(text: string, from: number): number {
  let i = from
  while (i < text.length && text[i] !== '\'') i += text[i] === '\\' ? 2 : 1
  return i
}

function endOfHeredoc(text: string, from: number, delimiter: string, tabs: boolean): { readonly body: number, readonly after: number } {
  for (let at = from; at < text.length; at = lineEnd(text, at) + 1) {
    const line = text.slice(at, lineEnd(text, at))
    if ((tabs ? line.replace(/^\t+/, '') : line) === delimiter) return { body: at, after: lineEnd(text, at) + 1 }
  }
  return { body: text.length, after: text.length + 1 }
}
