/** The text of an issue: what failed, what was expected, what has changed since it held, and where to look. Pure. */
import type { Failure, Result } from '../result.ts'
import { remember, type Memory } from './memory.ts'
import { lastGood, where, type Night } from './nights.ts'

/** Where the night ran. */
export interface Place {
  /** `https://github.com/owner/name` */
  readonly repository: string
  readonly commit: string
  /** Address of the workflow's run. */
  readonly run: string
}

/** Characters of printed text that are shown of one failure; GitHub takes 65,536 in all. */
const SHOWN = 3_000

export function titleOf({ runbook, failed }: Night): string {
  const [first] = failed
  const what = first?.failure === undefined ? '' : `: ${first.failure.kind} ${first.failure.name}`
  return `${runbook} fails on ${failed.map(where).join(' and ')}${what}`
}

export function bodyOf(night: Night, before: readonly Result[], place: Place, memory: Memory): string {
  return [remember(memory), failuresText(night, before, place), standing(memory)].join('\n\n')
}

/** How it fails now, for an issue that told of another failure. */
export function failuresText({ failed }: Night, before: readonly Result[], place: Place): string {
  return failed.map((result) => failureText(result, lastGood(before, result), place)).join('\n\n')
}

export const healedText = ({ runbook, results }: Night, { run, commit }: Place): string =>
  `Verified again on ${results.filter(({ verdict }) => verdict === 'verified').map(where).join(' and ')} at ${commit.slice(0, 12)}: ${run}\n\n\`npx proofbook show ${runbook}\``

function standing({ nights, since, run }: Memory): string {
  const count = nights === 1 ? 'It failed in one night so far' : `It has failed in ${nights} nights`
  return `${count}, since ${since.slice(0, 10)}. Newest: ${run}\n\nThis issue is closed when the runbook is verified again. Broken labs and runs that hold at a second try are not counted.`
}

function failureText(result: Result, good: Result | undefined, place: Place): string {
  const { failure, source } = result
  const at = `${place.repository}/blob/${place.commit}/${source.path}${failure === undefined ? '' : `?plain=1#L${failure.line}`}`
  return [
    `### On ${where(result)}`,
    failure === undefined ? `${result.reason ?? 'It failed'}. [The page](${at})`
      : `${failure.kind} \`${failure.name}\` on \`${failure.host}\`, [line ${failure.line} of the page](${at})`,
    ...failure === undefined ? [] : [evidence(failure)],
    ...failure?.hint === undefined ? [] : [`What to try: ${failure.hint}`],
    compared(result, good),
    bisect(result, good),
  ].join('\n\n')
}

function evidence({ message, received, expected, tail }: Failure): string {
  const lines = (sign: string, text: string): string => clipped(text).split('\n').map((line) => `${sign} ${line}`).join('\n')
  // Of an output that differs, what was received is the difference already.
  const difference = /^\n(?:[-+ ] .*(?:\n|$))+$/.test(received) ? clipped(received.trim()) : `${lines('-', expected)}\n${lines('+', received)}`
  return [fenced('text', clipped(message)), fenced('diff', difference),
    ...tail.trim() === '' ? [] : [`It printed last:\n\n${fenced('text', clipped(tail.trimEnd()))}`]].join('\n\n')
}

/** Each version now and when it held; what differs stands first. */
function compared(result: Result, good: Result | undefined): string {
  if (good === undefined) return 'It was never verified there, as far as the results tell.'
  const names = [...new Set([...Object.keys(result.versions), ...Object.keys(good.versions)])].toSorted()
  const rows = names.map((name) => ({ name, now: result.versions[name] ?? 'none', then: good.versions[name] ?? 'none' }))
  const changed = rows.filter(({ now, then }) => now !== then)
  const page = result.source.sha256 === good.source.sha256 ? 'the same' : 'another text'
  const same = rows.filter(({ now, then }) => now === then).map(({ name, now }) => `${name} ${now}`)
  return [`| | now | ${good.finishedAt.slice(0, 10)}, when it held |`, '|---|---|---|',
    `| page | \`${result.source.sha256.slice(0, 12)}\` | ${page} |`,
    ...changed.map(({ name, now, then }) => `| **${cell(name)}** | ${cell(now)} | ${cell(then)} |`),
    '', same.length === 0 ? '' : `Unchanged: ${same.map(cell).join(', ')}.`].join('\n').trimEnd()
}

/** What to look at first, and the command that halves the commits in between. */
function bisect(result: Result, good: Result | undefined): string {
  const again = `npx proofbook verify ${result.runbook} --on ${result.target}${result.cni === 'any' || result.cni === 'none' ? '' : ` --cni ${result.cni}`}`
  if (good === undefined) return fenced('sh', `${again} --keep`)
  const differ = Object.keys({ ...good.versions, ...result.versions }).filter((name) => good.versions[name] !== result.versions[name])
  const from = commitOf(good)
  const first = [
    ...result.source.sha256 === good.source.sha256 ? [] : ['The page has changed since: look at its own changes first.'],
    ...differ.length === 0 ? [] : [`Other versions than then: ${differ.toSorted().join(', ')}. Verify once with the older of each.`],
    ...result.source.sha256 === good.source.sha256 && differ.length === 0
      ? ['Neither the page nor a version has changed: the engine, the lab, or a race in the page. Verify it twice at the commit at which it held.'] : [],
  ]
  const now = commitOf(result) ?? 'HEAD'
  const commands = from === undefined || from === now ? `${again} --keep`
    : `git log --oneline ${from.slice(0, 12)}..${now.slice(0, 12)} -- ${result.source.path}\ngit bisect start ${now.slice(0, 12)} ${from.slice(0, 12)}\ngit bisect run sh -c 'npm ci && ${again}'`
  return `${first.join(' ')}\n\n${fenced('sh', commands)}`
}

const commitOf = ({ origin }: Result): string | undefined =>
  origin?.commit !== undefined && /^[0-9a-f]{7,64}$/.test(origin.commit) ? origin.commit : undefined

/** In a fence that the text cannot end, whatever a program printed; in it no @name calls anybody. */
function fenced(language: string, text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length))
  const marks = '`'.repeat(longest + 1)
  return `${marks}${language}\n${text}\n${marks}`
}

function clipped(text: string): string {
  if (text.length <= SHOWN) return text
  return `${text.slice(0, SHOWN / 2)}\n... ${text.length - SHOWN} characters left out ...\n${text.slice(-SHOWN / 2)}`
}

const cell = (text: string): string => text.replace(/[|<>@`*_[\]\n]/g, (sign) => sign === '\n' ? ' ' : `\\${sign}`)
