/** From single answers to outages, downtime and bins. Pure; times are milliseconds since 1970. */
import type { Sample } from './record.ts'

/** The time that counts: `from` inclusive, `to` exclusive. */
export interface Window {
  readonly from: number
  readonly to: number
}

/** A time without an answer: from the first question that had none to the next that had one. */
export interface Gap extends Window {
  /** What became of most of its questions; `gone` where nobody asked. */
  readonly why: string
}

/** Milliseconds between two questions. */
export const INTERVAL = 50

/** Milliseconds: an answer may take two seconds, so that a record that ends earlier than this has lost its prober. */
const LATE = 3_000

/** Nobody was there to ask, since the pod that asks was gone: to everybody like it the flow was down. */
export const GONE = 'gone'

export const within = (samples: readonly Sample[], { from, to }: Window): Sample[] =>
  samples.filter(({ at }) => at >= from && at < to)

/**
 * Gaps in the order of time; none of them touches another. A prober that lives and asks late (a busy machine) is no gap;
 * one that ended and was started again is, for as long as nobody asked.
 */
export function gapsOf(samples: readonly Sample[], window: Window): Gap[] {
  const gaps: Gap[] = []
  let open: { from: number, words: string[] } | undefined
  const fail = (from: number, word: string): void => {
    open ??= { from, words: [] }
    open.words.push(word)
  }
  const close = (to: number): void => {
    if (open && to > open.from) gaps.push({ from: open.from, to, why: most(open.words) })
    open = undefined
  }
  let before: Sample | undefined
  for (const sample of within(samples, window)) {
    if (before === undefined && sample.at - window.from > LATE) fail(window.from, GONE)
    if (before && before.run !== sample.run) fail(before.at + INTERVAL, GONE)
    if (sample.word === 'ok') close(sample.at)
    else fail(sample.at, sample.word)
    before = sample
  }
  const last = before === undefined ? window.from : before.at + INTERVAL
  if (before === undefined || window.to - last > LATE) fail(last, GONE)
  close(window.to)
  return gaps
}

/** The word that is there most often, the first of several. */
function most(words: readonly string[]): string {
  const counts = new Map<string, number>()
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1)
  return [...counts].reduce((one, other) => other[1] > one[1] ? other : one)[0]
}

export interface Account {
  readonly sent: number
  readonly failed: number
  readonly downtimeMs: number
  readonly longestGapMs: number
}

/** @param gaps of a window that holds this one: what is outside of it is cut off */
export function account(samples: readonly Sample[], gaps: readonly Gap[], window: Window): Account {
  const inside = within(samples, window)
  const lengths = gaps.map(({ from, to }) => Math.min(to, window.to) - Math.max(from, window.from)).filter(ms => ms > 0)
  return {
    sent: inside.length,
    failed: inside.filter(({ word }) => word !== 'ok').length,
    downtimeMs: lengths.reduce((sum, ms) => sum + ms, 0),
    longestGapMs: Math.max(0, ...lengths),
  }
}

/** Gaps that are no more than `apart` milliseconds from each other as one. */
export function joined(gaps: readonly Gap[], apart: number): Gap[] {
  const out: Gap[] = []
  for (const gap of gaps) {
    const last = out.at(-1)
    if (last && gap.from - last.to <= apart) out[out.length - 1] = { ...last, to: gap.to, why: longer(last, gap).why }
    else out.push(gap)
  }
  return out
}

const longer = (one: Gap, other: Gap): Gap => other.to - other.from > one.to - one.from ? other : one

/** One character a bin: `.` all answered, `1` to `9` tenths that failed (rounded up), `x` none answered, `-` nobody asked. */
export function binsOf(samples: readonly Sample[], { from, to }: Window, width: number): string {
  const bins = Array.from({ length: Math.max(1, Math.ceil((to - from) / width)) }, () => ({ sent: 0, failed: 0 }))
  for (const { at, word } of within(samples, { from, to })) {
    const bin = bins[Math.floor((at - from) / width)]!
    bin.sent++
    if (word !== 'ok') bin.failed++
  }
  return bins.map(({ sent, failed }) => {
    if (sent === 0) return '-'
    if (failed === 0) return '.'
    return failed === sent ? 'x' : String(Math.min(9, Math.ceil(failed / sent * 10)))
  }).join('')
}

/** Milliseconds of a bin so that there are at most 400: a round number of seconds. */
export function binWidth(ms: number): number {
  return [1, 2, 5, 10, 20, 30, 60].map(seconds => seconds * 1000).find(width => ms / width <= 400) ?? 300_000
}
