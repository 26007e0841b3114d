/**
 * The words of a fence: what each means, and on which blocks it may stand. The table is the grammar: a word that is not
 * here is an error.
 */
import { DURATION_FORM } from './duration.ts'
import type { BlockKind } from './model.ts'
import { variableTypes } from './validate.ts'

/** What a fence is for: a block of some kind, or the expected output of the block before it. */
export type Purpose = BlockKind | 'output'

export const purposes: readonly Purpose[] = ['step', 'check', 'precheck', 'rollback', 'cleanup', 'drill', 'skip',
  'output']

/** Blocks that are run. */
const run: readonly Purpose[] = ['step', 'check', 'precheck', 'rollback', 'cleanup', 'drill']
/** Blocks that may change state. */
const change: readonly Purpose[] = ['step', 'rollback', 'cleanup', 'drill']

/** What `if=` may ask of a target. */
export const facts = ['cni', 'distro', 'target']

/** Types that a captured value may have: every type of variable but the one whose values a page lists itself. */
export const captureTypes = variableTypes.filter((type) => type !== 'enum' && type !== 'secret')

/** Sections of the reference page, in its order. */
export const sections = ['What a block is', 'What happens to the text', 'Where it runs', 'When it has held',
  'How blocks hang together'] as const

export interface KeyRule {
  readonly on: readonly Purpose[]
  readonly value: 'required' | 'optional' | 'none'
  /** Completes "expected". */
  readonly form: string
  /** For the reference page: where it stands, how it is written, what it means (Markdown, one sentence). */
  readonly section: typeof sections[number]
  readonly usage: string
  readonly means: string
}

const name = 'a name of lower-case letters, digits and hyphens'
const [what, text, where, held, together] = sections

export const keyRules: Readonly<Record<string, KeyRule>> = {
  step: { on: ['step'], value: 'required', form: name,
    section: what, usage: 'step=NAME', means: 'Changes something' },
  check: { on: ['check'], value: 'required', form: name,
    section: what, usage: 'check=NAME', means: 'Only looks' },
  precheck: { on: ['precheck'], value: 'required', form: name,
    section: what, usage: 'precheck=NAME', means: 'Must hold before anything starts, and again after the undo' },
  rollback: { on: ['rollback', 'step'], value: 'required', form: 'the name of the step that it undoes',
    section: what, usage: 'rollback=STEP',
    means: 'Undoes that step; on a step, `rollback="none: why"` says that there is no way back' },
  cleanup: { on: ['cleanup'], value: 'required', form: name,
    section: what, usage: 'cleanup=NAME', means: 'Always runs at the end in a lab' },
  drill: { on: ['drill'], value: 'required', form: name,
    section: what, usage: 'drill=NAME', means: 'Causes a fault; in a lab only' },
  skip: { on: ['skip'], value: 'required', form: 'skip="the reason"',
    section: what, usage: 'skip="reason"', means: 'Shown, never run' },
  output: { on: ['output'], value: 'none', form: 'the flag output',
    section: what, usage: 'output', means: 'Expected output of the block before it, in a `text` fence' },
  file: { on: [...change, 'skip'], value: 'required', form: 'an absolute path such as /etc/haproxy/haproxy.cfg',
    section: text, usage: 'file=/etc/x.conf', means: 'The text becomes that file' },
  mode: { on: [...change, 'skip'], value: 'required', form: 'octal digits such as 0644',
    section: text, usage: 'mode=0640', means: 'With `file`: its permissions' },
  owner: { on: [...change, 'skip'], value: 'required', form: 'user or user:group',
    section: text, usage: 'owner=root:adm', means: 'With `file`: who owns it' },
  apply: { on: [...run, 'skip'], value: 'optional', form: 'apply or apply=server-dry-run',
    section: text, usage: 'apply',
    means: '`kubectl apply` takes the text, from a `yaml` or `json` fence; `apply=server-dry-run` only validates' },
  on: { on: [...run, 'skip'], value: 'required', form: 'a host or role',
    section: where, usage: 'on=HOST', means: 'The host of that name, or each host with that role in turn' },
  parallel: { on: run, value: 'none', form: 'the flag parallel',
    section: where, usage: 'parallel', means: 'On every host of the role at once; what each prints is kept apart' },
  timeout: { on: run, value: 'required', form: `${DURATION_FORM}, at most 1d`,
    section: held, usage: 'timeout=2m', means: 'Ended, and failed, after that time; one minute when it is not given' },
  expect: { on: run, value: 'required', form: 'expect=fail',
    section: held, usage: 'expect=fail', means: 'It must end with any code but 0' },
  exit: { on: run, value: 'required', form: 'an exit code, 0 to 255',
    section: held, usage: 'exit=60', means: 'It must end with that code' },
  eventually: { on: ['check', 'precheck'], value: 'required', form: `${DURATION_FORM}, at most 1d`,
    section: held, usage: 'eventually=60s', means: 'Tried again until it holds, for so long at most' },
  stable: { on: ['check', 'precheck'], value: 'required', form: 'a number of successes in a row, 1 to 1000',
    section: held, usage: 'stable=3', means: 'With `eventually`: it must hold so many times in a row' },
  backoff: { on: ['check', 'precheck'], value: 'required',
    form: 'one pause such as 1s, or the first and the longest such as 250ms..5s',
    section: held, usage: 'backoff=1s..10s',
    means: 'With `eventually`: the pause between two tries; it grows by half from the first to the longest; '
      + '`250ms..2s` when it is not given' },
  needs: { on: ['step', 'check', 'drill'], value: 'required',
    form: 'names of earlier blocks such as needs=install,configure',
    section: together, usage: 'needs=a,b',
    means: 'Those blocks must have ended before; one that runs in the background is waited for' },
  capture: { on: ['step', 'check', 'precheck'], value: 'required',
    form: `name:type such as capture=pod:name; types are ${captureTypes.join(', ')}`,
    section: together, usage: 'capture=pod:name',
    means: 'What it prints on standard output, one line, is a value of that type: `{{pod}}` in the blocks below' },
  background: { on: ['step', 'drill'], value: 'none', form: 'the flag background',
    section: together, usage: 'background', means: 'Started, and not waited for until another block needs it' },
  ready: { on: ['step', 'drill'], value: 'required', form: 'port:8080, file:/run/x.pid or "output:text that it prints"',
    section: together, usage: 'ready=port:8080',
    means: 'With `background`: the page goes on once that port answers on the host, that file is there '
      + '(`file:/run/x.pid`) or that text was printed (`"output:text"`), within the time of `timeout`; the block is '
      + 'ended with the page' },
  if: { on: run, value: 'required', form: `fact:value such as if=cni:cilium; facts are ${facts.join(', ')}`,
    section: together, usage: 'if=cni:cilium',
    means: `Runs only where the fact has that value; facts are ${facts.map((fact) => `\`${fact}\``).join(', ')}` },
  destructive: { on: ['step', 'drill', 'rollback'], value: 'none', form: 'the flag destructive',
    section: together, usage: 'destructive',
    means: 'Data is destroyed: a run stops here and asks, also with `--yes`' },
  once: { on: ['step', 'drill'], value: 'none', form: 'the flag once',
    section: together, usage: 'once',
    means: 'Running it a second time does harm: a resumed run never repeats it by itself' },
  tags: { on: [...run, 'skip'], value: 'required', form: 'names such as tags=network,slow',
    section: together, usage: 'tags=a,b', means: 'Words by which `--tags` chooses blocks' },
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

/** Milliseconds that a block may take when it does not say. */
export const DEFAULT_TIMEOUT = 60_000
