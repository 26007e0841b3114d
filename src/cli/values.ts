/** Values for the variables of a runbook, from all the places where a reader may give them. */
import { readFile } from 'node:fs/promises'
import { BadInput } from '../runbook/errors.ts'
import { Interrupted } from '../run/errors.ts'
import { environmentName } from '../runbook/environment-name.ts'
import type { Variable } from '../runbook/model.ts'
import {
  resolveVariables, validate, valuesFromEnvironment, valuesFromSet, valuesFromTarget,
  type Resolved, type ValueProblem, type ValueSource,
} from '../runbook/variables.ts'
import type { Target } from '../target/target.ts'
import { hide } from './hidden.ts'
import type { ValueOptions } from './options.ts'
import { canAsk } from './terminal.ts'

/** What the reader gave; the target, known later, is asked last. */
export interface GivenValues {
  readonly declared: readonly Variable[]
  readonly sources: readonly ValueSource[]
}

/** @throws BadInput that lists everything wrong with the values given */
export async function givenValues(declared: readonly Variable[], options: ValueOptions): Promise<GivenValues> {
  const set = valuesFromSet(options.set ?? [])
  const file = options.values === undefined ? undefined : await fileOfValues(options.values)
  const sources = [
    set.source,
    valuesFromEnvironment(process.env, declared),
    await secretFiles(declared),
    ...file ? [file.source] : [],
  ]
  const given = { declared, sources }
  refuse([...set.problems, ...file?.problems ?? [], ...resolveVariables(declared, sources).problems])
  return given
}

/** A run that goes on keeps its values but for these, which its journal does not have. */
export const secretsOf = (declared: readonly Variable[]): Variable[] => declared.filter(({ type }) => type === 'secret')

/** A value for every variable: the reader's own, else the target's, else the page's. */
export function resolveFor(given: GivenValues, target?: Pick<Target, 'name' | 'values'>): Resolved {
  const sources = target ? [...given.sources, valuesFromTarget(target.name, target.values)] : given.sources
  const resolved = resolveVariables(given.declared, sources)
  refuse(resolved.problems)
  return resolved
}

export async function valuesFor(declared: readonly Variable[], options: ValueOptions): Promise<Resolved['values']> {
  return resolveFor(await givenValues(declared, options)).values
}

/** `PROOFBOOK_SET_TOKEN_FILE`: path of a file that holds the secret and nothing else, but for a last line end. */
async function secretFiles(declared: readonly Variable[]): Promise<ValueSource> {
  const label = (name: string): string => `${environmentName(name)}_FILE`
  const values: Record<string, string> = {}
  for (const { name, type } of declared) {
    const file = type === 'secret' ? process.env[label(name)] : undefined
    if (file === undefined) continue
    values[name] = (await readValues(file, label(name))).replace(/\r?\n$/, '')
  }
  return { label, values, strict: false }
}

/**
 * Every secret, those that nobody gave asked for where there is a terminal. What steps start does not find them in its
 * environment.
 * @throws BadInput naming those that are missing
 */
export async function secretsFor(declared: readonly Variable[], given: Resolved['secrets'], signal: AbortSignal): Promise<Resolved['secrets']> {
  const secrets = { ...given }
  const wanted = declared.filter(({ type }) => type === 'secret')
  for (const { name } of wanted) delete process.env[environmentName(name)]
  const missing = wanted.filter(({ name }) => secrets[name] === undefined)
  if (missing.length > 0 && !canAsk()) {
    throw new BadInput(missing.map(({ name }) => `secret ${name}: received none, expected it in ${environmentName(name)}, in a file named by `
      + `${environmentName(name)}_FILE, in a file of values, or a terminal to ask on`).join('\n'))
  }
  for (const { name, label, type } of missing) {
    const { askSecret } = await import('./ask-secret.ts')
    for (;;) {
      const answer = await askSecret(`${label} (${name}, not shown): `, signal)
      if (signal.aborted || answer === undefined) throw new Interrupted()
      const expected = validate(answer, type)
      if (expected === undefined) {
        secrets[name] = answer
        break
      }
      process.stderr.write(`  received ${answer.length} characters, expected ${expected}\n`)
    }
  }
  if (wanted.length > 0) hide(new (await import('../run/secret/mask.ts')).Masks(secrets))
  return secrets
}

/** Asks for every value that nobody gave; Enter takes the one shown. */
export async function promptValues(declared: readonly Variable[], resolved: Resolved, signal: AbortSignal): Promise<Resolved['values']> {
  const { question } = await import('./ask.ts')
  const values = { ...resolved.values }
  for (const { name, label, type, values: allowed } of declared) {
    if (type === 'secret') continue
    if (resolved.origins[name] !== 'default') continue
    for (;;) {
      const answer = await question(`${label} (${name}) [${values[name]}]: `, signal)
      if (!answer) break
      const expected = validate(answer, type, allowed)
      if (expected === undefined) {
        values[name] = answer
        break
      }
      process.stderr.write(`  received ${JSON.stringify(answer)}, expected ${expected}\n`)
    }
  }
  return values
}

async function fileOfValues(path: string): Promise<{ source: ValueSource, problems: ValueProblem[] }> {
  const text = await readValues(path)
  const { valuesFromFile } = await import('../runbook/values-file.ts')
  return valuesFromFile(text, path)
}

async function readValues(file: string, flag = '--values'): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    throw new BadInput(`${flag} ${file}: ${(error as Error).message}`, { cause: error })
  }
}

function refuse(problems: readonly ValueProblem[]): void {
  if (problems.length === 0) return
  throw new BadInput(problems
    .map(({ source, message, received, expected }) => `${source}: ${message}: received ${received}, expected ${expected}`)
    .join('\n'))
}
