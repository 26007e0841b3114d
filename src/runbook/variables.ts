/**
 * resolveVariables(declared: readonly Variable[], sources: readonly ValueSource[]): { values, secrets, origins, problems }
 *
 * Sources come strongest first: --set, PROOFBOOK_SET_NAME, --values FILE, the target; the page's default comes last.
 */
import { environmentName } from './environment-name.ts'
import type { Variable } from './model.ts'
import { didYouMean, listed } from './suggest.ts'
import { validate } from './validate.ts'

export { fill } from './placeholders.ts'
export { validate } from './validate.ts'

/** One place that gives values. */
export interface ValueSource {
  /** Where a value came from, for messages: `--set`, `PROOFBOOK_SET_VIP`, `home.yaml:3`, `target kind`. */
  readonly label: (name: string) => string
  readonly values: Readonly<Record<string, string>>
  /** A name that the page does not declare is a mistake; false where one source serves many pages. */
  readonly strict: boolean
  /** Every process of the machine can read it: no place for secrets. */
  readonly onCommandLine?: boolean
}

/** One thing wrong with a given value. `received` and `expected` complete the sentence. */
export interface ValueProblem {
  readonly source: string
  readonly message: string
  readonly received: string
  readonly expected: string
}

export interface Resolved {
  readonly values: Readonly<Record<string, string>>
  /** Where each value came from: a source's label, or `default`. */
  readonly origins: Readonly<Record<string, string>>
  /** Apart from the values, so that what shows or keeps values has no secret; those that nobody gave are missing. */
  readonly secrets: Readonly<Record<string, string>>
  readonly problems: readonly ValueProblem[]
}

/** A value for every declared variable. Values of weaker sources are validated too: a mistake there is a mistake. */
export function resolveVariables(declared: readonly Variable[], sources: readonly ValueSource[]): Resolved {
  const values: Record<string, string> = {}
  const secrets: Record<string, string> = {}
  const origins: Record<string, string> = {}
  const problems: ValueProblem[] = []
  const names = declared.map(({ name }) => name)

  for (const { label, values: given, strict, onCommandLine } of sources) {
    for (const name of strict ? Object.keys(given) : []) {
      if (names.includes(name)) continue
      problems.push({ source: label(name), message: `unknown variable "${name}"${didYouMean(name, names)}`,
        received: `"${name}"`,
        expected: names.length === 0 ? 'no variable: the runbook has none' : listed(names) })
    }
    for (const { name, type, values: allowed } of declared) {
      if (!Object.hasOwn(given, name)) continue
      const value = given[name]!
      const expected = validate(value, type, allowed)
      const known = type === 'secret' ? secrets : values
      if (type === 'secret' && onCommandLine) {
        problems.push({ source: label(name), message: `secret "${name}" on the command line`, received: 'a value that every user of this machine can see',
          expected: `${environmentName(name)}, ${environmentName(name)}_FILE, a file of values or the question of a terminal` })
      } else if (expected !== undefined) {
        problems.push({ source: label(name), message: `bad value of variable "${name}"`,
          received: type === 'secret' ? `${value.length} characters` : JSON.stringify(value), expected })
      } else if (!Object.hasOwn(known, name)) {
        known[name] = value
        origins[name] = label(name)
      }
    }
  }
  for (const { name, type, default: preset } of declared) {
    if (type === 'secret' || Object.hasOwn(values, name)) continue
    values[name] = preset
    origins[name] = 'default'
  }
  return { values, secrets, origins, problems }
}

/** `--set name=value`, as often as given; the last of a name wins. */
export function valuesFromSet(args: readonly string[]): { source: ValueSource, problems: ValueProblem[] } {
  const values: Record<string, string> = {}
  const problems: ValueProblem[] = []
  for (const arg of args) {
    const [, name, value] = /^([^=]+)=(.*)$/s.exec(arg) ?? []
    if (name === undefined || value === undefined) {
      problems.push({ source: '--set', message: 'bad --set', received: JSON.stringify(arg), expected: 'name=value' })
    } else values[name] = value
  }
  return { source: { label: (name) => `--set ${name}`, values, strict: true, onCommandLine: true }, problems }
}

/** `PROOFBOOK_SET_API_PORT` for `api-port`. Other names are passed over: one environment serves many runbooks. */
export function valuesFromEnvironment(env: Readonly<Record<string, string | undefined>>,
  declared: readonly Variable[]): ValueSource {
  const given = declared.flatMap(({ name }) => {
    const value = env[environmentName(name)]
    return value === undefined ? [] : [[name, value] as const]
  })
  return { label: environmentName, values: Object.fromEntries(given), strict: false }
}

/** What the target knows of itself, such as the addresses of a lab. */
export function valuesFromTarget(target: string, values: Readonly<Record<string, string>>): ValueSource {
  return { label: () => `target ${target}`, values, strict: false }
}
