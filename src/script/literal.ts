/** A value as JavaScript source that a person can read: single quotes, plain keys, one line where it is short. */
export function literal(value: unknown, indent = ''): string {
  if (typeof value === 'string') return quote(value)
  if (value === null || typeof value !== 'object') return String(value)
  const isList = Array.isArray(value)
  const parts = isList
    ? value.map((item) => literal(item, `${indent}  `))
    : Object.entries(value).filter(([, item]) => item !== undefined)
      .map(([key, item]) => `${property(key)}: ${literal(item, `${indent}  `)}`)
  const [open, close] = isList ? '[]' : '{}'
  if (parts.length === 0) return `${open}${close}`
  const flat = isList ? `[${parts.join(', ')}]` : `{ ${parts.join(', ')} }`
  if (flat.length + indent.length <= 110 && !flat.includes('\n')) return flat
  return `${open}\n${parts.map((part) => `${indent}  ${part},\n`).join('')}${indent}${close}`
}

/** As `__proto__: x` a key would set the prototype. */
function property(key: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(key) && key !== '__proto__' ? key : `[${quote(key)}]`
}

/** Quote, backslash, control characters, line ends of JavaScript, a byte order mark, halves of surrogate pairs. */
const UNSAFE = /[\\'\0-\x1F\x7F\u2028\u2029\uFEFF]|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g

/** A string literal that reads back as exactly this text, whatever it holds. */
export function quote(text: string): string {
  const escaped = text.replace(UNSAFE, (char) => {
    if (char === '\\' || char === '\'') return `\\${char}`
    return { '\n': '\\n', '\r': '\\r', '\t': '\\t' }[char] ?? `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`
  })
  return `'${escaped}'`
}
