/**
 * `{{name}}` in the text of a fence. Exactly two braces, a name of the form [a-z][a-z0-9_-]* and nothing else: Go
 * templates such as `{{.Name}}` and `{{ range }}` are left alone. To print a literal `{{name}}`, write it with spaces,
 * `{{ name }}`: template languages read both alike.
 */
export const NAME = /^[a-z][a-z0-9_-]*$/

const PLACEHOLDER = /\{\{([a-z][a-z0-9_-]*)\}\}/g

export interface Placeholder {
  readonly name: string
  /** 0-based line within the text. */
  readonly row: number
  /** 0-based column, in UTF-16 units. */
  readonly column: number
}

/** Every placeholder of a text, in order. */
export function placeholders(text: string): Placeholder[] {
  return text.split('\n').flatMap((line, row) =>
    [...line.matchAll(PLACEHOLDER)].map((match) => ({ name: match[1]!, row, column: match.index })))
}

/** The text with the value of each known name in place of `{{name}}`; everything else stays byte for byte. */
export function fill(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(PLACEHOLDER, (whole, name: string) => Object.hasOwn(values, name) ? values[name]! : whole)
}
