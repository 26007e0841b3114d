/** Values for the variables of a runbook, from all the places where a reader may give them. */
import { readFile } from 'node:fs/promises'
import { BadInput } from '../runbook/errors.ts'
import type { Variable } from '../runbook/model.ts'
import {
  resolveVariables, validate, valuesFromEnvironment, valuesFromFile, valuesFromSet, valuesFromTarget,
  type Resolved, type ValueProblem, type ValueSource,
} from '../runbook/variables.ts'
import type { Target } from '../target/target.ts'
import type { ValueOptions } from './options.ts'

/** What the reader gave; the target, known later, is asked last. */
export interface GivenValues {
  readonly declared: readonly Variable[]
  readonly sources: readonly ValueSource[]
}

/** @throws BadInput that lists everything wrong with the values given */
export async function givenValues(declared: readonly Variable[], options: ValueOptions): Promise<GivenValues> {
  const set = valuesFromSet(options.set ?? [])
  const file = options.values === undefined ? undefined : valuesFromFile(await readValues(options.values), options.values)
  const sources = [
    set.source,
    valuesFromEnvironment(process.env, declared),
    ...file ? [file.source] : [],
  ]
  const given = { declared, sources }
  refuse([...set.problems, ...file?.problems ?? [], ...resolveVariables(declared, sources).problems])
  return given
}

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

/** Asks for every value that nobody gave; Enter takes the one shown. */
export async function promptValues(declared: readonly Variable[], resolved: Resolved, signal: AbortSignal): Promise<Resolved['values']> {
  const { question } = await import('./ask.ts')
  const values = { ...resolved.values }
  for (const { name, label, type, values: allowed } of declared) {
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

async function readValues(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    throw new BadInput(`--values ${file}: ${(error as Error).message}`, { cause: error })
  }
}

function refuse(problems: readonly ValueProblem[]): void {
  if (problems.length === 0) return
  throw new BadInput(problems
    .map(({ source, message, received, expected }) => `${source}: ${message}: received ${received}, expected ${expected}`)
    .join('\n'))
}
