/** Values that blocks print for later blocks: taken from standard output, judged by their type, missed where they are used. */
import type { Capture } from '../runbook/model.ts'
import { placeholders } from '../runbook/placeholders.ts'
import { validate } from '../runbook/validate.ts'
import type { Outcome } from '../target/target.ts'
import type { Mismatch } from './judge.ts'
import type { Planned } from './plan.ts'

/** What a block printed, as a value: one line, without the white space around it. */
export const captured = (outcome: Outcome): string => outcome.stdout.trim()

/**
 * Why what a block printed is no value of the type that it names; undefined when it is.
 * @param before what another host printed in the same turn
 */
export function captureMismatch({ name, type }: Capture, outcome: Outcome, before: string | undefined): Mismatch | undefined {
  const value = captured(outcome)
  const expected = validate(value, type)
  if (expected !== undefined) {
    return { message: `printed no value for {{${name}}}`, received: value === '' ? 'nothing on standard output' : JSON.stringify(value), expected }
  }
  if (before === undefined || before === value) return undefined
  return { message: `printed another {{${name}}} than the host before`, received: value, expected: before }
}

/** The first captured value that a block uses and that no block has printed yet. */
export function missingCapture(block: Planned, plan: readonly Planned[], values: Readonly<Record<string, string>>): Mismatch | undefined {
  for (const { name } of placeholders(`${block.text}\n${block.ready?.value ?? ''}`)) {
    if (Object.hasOwn(values, name)) continue
    const by = plan.find(({ capture }) => capture?.name === name)
    if (by === undefined) continue
    return { message: `{{${name}}} is not known`, received: `no value: ${by.kind} ${by.name} has not run`,
      expected: `${by.kind} ${by.name} (line ${by.line}) before it` }
  }
  return undefined
}
