/** The longest time without an answer: checks that measure one print it as `{"window_s":1.32}` on a line. */
import type { Result } from './result.ts'

/** Milliseconds; undefined where no check measured any. */
export function downtimeOf({ blocks }: Pick<Result, 'blocks'>): number | undefined {
  const windows = blocks.filter(({ kind, status }) => kind === 'check' && status === 'ok')
    .flatMap(({ transcript }) => transcript.split('\n')).flatMap(line => Number(/^\{.*"window_s": ?([\d.]+).*\}$/.exec(line.trim())?.[1] ?? Number.NaN))
    .filter(seconds => !Number.isNaN(seconds))
  return windows.length === 0 ? undefined : Math.round(Math.max(...windows) * 1000)
}
