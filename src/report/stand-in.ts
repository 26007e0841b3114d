/** Results from labs in which something else took the place of what the target is named after. */
import type { ImageRecord } from '../target/target.ts'
import type { Result } from './result.ts'

/** The image that stands in for another, with its version; undefined where all is what it says that it is. */
export function standInOf(images: readonly ImageRecord[]): string | undefined {
  const found = images.find(({ supply }) => supply === 'stand-in')
  return found === undefined ? undefined : `${found.name} ${found.version}`
}

/** Whether a result says something about its page on its target: nothing else may replace one that does. */
export const isVerdict = ({ verdict, standIn }: Pick<Result, 'verdict' | 'standIn'>): boolean =>
  standIn === undefined && (verdict === 'verified' || verdict === 'flaky' || verdict === 'failed')
