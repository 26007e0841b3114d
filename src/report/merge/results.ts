/** Which of two results of one page on one target stays: in whatever order they come, the same one. Pure. */
import type { Result } from '../result.ts'
import { isVerdict } from '../stand-in.ts'

/** A result with the name of its file. */
export interface Named {
  readonly name: string
  readonly result: Result
}

/** For each name the newest verdict, else the newest that tells why there is none. By name. */
export function mergeResults(all: readonly Named[]): Named[] {
  const best = new Map<string, Named>()
  for (const one of all) {
    const other = best.get(one.name)
    if (other === undefined || wins(one.result, other.result)) best.set(one.name, one)
  }
  return [...best.values()].toSorted((a, b) => a.name < b.name ? -1 : 1)
}

/** A total order, so that it does not matter who asks first: two results of one moment differ in their digest. */
function wins(a: Result, b: Result): boolean {
  if (isVerdict(a) !== isVerdict(b)) return isVerdict(a)
  const [mine, other] = [Date.parse(a.finishedAt), Date.parse(b.finishedAt)]
  return mine === other ? a.digest! > b.digest! : mine > other
}
