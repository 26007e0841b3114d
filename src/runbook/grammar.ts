/**
 * The words of a fence: what each means, and on which blocks it may stand. The table is the grammar: a word that is not
 * here is an error.
 */
import { DURATION_FORM } from './duration.ts'
import type { BlockKind } from './model.ts'

/** What a fence is for: a block of some kind, or the expected output of the block before it. */
export type Purpose = BlockKind | 'output'

export const purposes: readonly Purpose[] = ['step', 'check', 'precheck', 'rollback', 'cleanup', 'drill', 'skip',
  'output']

/** Blocks that are run. */
const run: readonly Purpose[] = ['step', 'check', 'precheck', 'rollback', 'cleanup', 'drill']
/** Blocks that may change state. */
const change: readonly Purpose[] = ['step', 'rollback', 'cleanup', 'drill']

export interface KeyRule {
  readonly on: readonly Purpose[]
  readonly value: 'required' | 'optional' | 'none'
  /** Completes "expected". */
  readonly form: string
}

const name = 'a name of lower-case letters, digits and hyphens'

export const keyRules: Readonly<Record<string, KeyRule>> = {
  step: { on: ['step'], value: 'required', form: name },
  check: { on: ['check'], value: 'required', form: name },
  precheck: { on: ['precheck'], value: 'required', form: name },
  rollback: { on: ['rollback', 'step'], value: 'required', form: 'the name of the step that it undoes' },
  cleanup: { on: ['cleanup'], value: 'required', form: name },
  drill: { on: ['drill'], value: 'required', form: name },
  skip: { on: ['skip'], value: 'required', form: 'skip="the reason"' },
  output: { on: ['output'], value: 'none', form: 'the flag output' },
  file: { on: [...change, 'skip'], value: 'required', form: 'an absolute path such as /etc/haproxy/haproxy.cfg' },
  mode: { on: [...change, 'skip'], value: 'required', form: 'octal digits such as 0644' },
  owner: { on: [...change, 'skip'], value: 'required', form: 'user or user:group' },
  apply: { on: [...run, 'skip'], value: 'optional', form: 'apply or apply=server-dry-run' },
  on: { on: [...run, 'skip'], value: 'required', form: 'a host or role' },
  timeout: { on: run, value: 'required', form: `${DURATION_FORM}, at most 1d` },
  expect: { on: run, value: 'required', form: 'expect=fail' },
  exit: { on: run, value: 'required', form: 'an exit code, 0 to 255' },
  needs: { on: ['step', 'check', 'drill'], value: 'required',
    form: 'names of earlier blocks such as needs=install,configure' },
  if: { on: run, value: 'required', form: 'fact:value such as if=cni:cilium; facts are cni, distro, target' },
  background: { on: ['step', 'drill'], value: 'none', form: 'the flag background' },
  destructive: { on: ['step', 'drill', 'rollback'], value: 'none', form: 'the flag destructive' },
  eventually: { on: ['check', 'precheck'], value: 'required', form: `${DURATION_FORM}, at most 1d` },
  stable: { on: ['check', 'precheck'], value: 'required', form: 'a number of successes in a row, 1 to 1000' },
}

/** The rule of a word; `constructor` is a word too, and has none. */
export function ruleOf(key: string): KeyRule | undefined {
  return Object.hasOwn(keyRules, key) ? keyRules[key] : undefined
}

/** Languages whose fences a reader only reads; every other fence must say what it does. */
export const illustrative = ['text', 'ansi', 'log', 'diff', 'http', 'mermaid']

/** Languages that bash runs. A `console` or `zsh` fence is not what would be run, so it is refused. */
export const runnable = ['bash', 'sh']

export const appliable = ['yaml', 'yml', 'json']

export const facts = ['cni', 'distro', 'target']

/** Milliseconds that a block may take when it does not say. */
export const DEFAULT_TIMEOUT = 60_000
