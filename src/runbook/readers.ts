/** The value of each word of a fence, read; undefined when it is not of the form that the grammar names. */
import { parseDuration } from './duration.ts'
import { captureTypes, facts } from './grammar.ts'
import type { Capture, Condition, Polling, Ready } from './model.ts'
import { NAME as VALUE_NAME, placeholders } from './placeholders.ts'
import { validate } from './validate.ts'

const NAME = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/
const PATH = /^(?:\/[A-Za-z0-9._@+-]+)+$/
const DAY = 86_400_000

/** Name of a block. */
export const name = (text: string): string | undefined => NAME.test(text) ? text : undefined

/** `a,b` */
export function names(text: string): readonly string[] | undefined {
  const all = text.split(',')
  return all.every((one) => NAME.test(one)) ? all : undefined
}

/** Milliseconds, more than none and at most a day. */
export function period(text: string): number | undefined {
  const value = parseDuration(text)
  return value !== undefined && value > 0 && value <= DAY ? value : undefined
}

export const times = (text: string): number | undefined =>
  /^[1-9][0-9]{0,2}$|^1000$/.test(text) ? Number(text) : undefined

export const exitCode = (text: string): number | undefined =>
  /^(?:0|[1-9][0-9]{0,2})$/.test(text) && Number(text) <= 255 ? Number(text) : undefined

export const failure = (text: string): 'fail' | undefined => text === 'fail' ? 'fail' : undefined

/** Why a step has no rollback. */
export const noRollback = (text: string): string | undefined => /^none: *(\S.*)$/.exec(text)?.[1]

export const reason = (text: string): string | undefined => text.trim() === '' ? undefined : text

export function condition(text: string): Condition | undefined {
  const [, fact, value] = /^([a-z]+):([A-Za-z0-9][A-Za-z0-9._-]*)$/.exec(text) ?? []
  return fact !== undefined && value !== undefined && facts.includes(fact) ? { fact, value } : undefined
}

/** `1s` is both the first pause and the longest. */
export function backoff(text: string): Polling['backoff'] {
  const [first, longest, more] = text.split('..').map(period)
  if (first === undefined || more !== undefined || (text.includes('..') && longest === undefined)) return undefined
  return first <= (longest ?? first) ? { first, longest: longest ?? first } : undefined
}

export function capture(text: string): Capture | undefined {
  const [, value = '', type = ''] = /^([^:]+):([a-z0-9]+)$/.exec(text) ?? []
  return VALUE_NAME.test(value) && (captureTypes as readonly string[]).includes(type)
    ? { name: value, type: type as Capture['type'] } : undefined
}

/** An absolute path that says where it leads: no `.` and no `..` in it. */
export const path = (text: string): string | undefined =>
  PATH.test(text) && !text.split('/').some((part) => part === '.' || part === '..') ? text : undefined

/** A port may be `{{name}}`. */
export function ready(text: string): Ready | undefined {
  const [, type, value = ''] = /^(port|file|output):(.+)$/.exec(text) ?? []
  if (type === 'port') {
    const variable = placeholders(value)[0]
    const good = variable === undefined ? validate(value, 'port') === undefined : value === `{{${variable.name}}}`
    return good ? { type, value } : undefined
  }
  if (type === 'file') return path(value) === undefined ? undefined : { type, value }
  return type === 'output' && value.trim() !== '' ? { type, value } : undefined
}
