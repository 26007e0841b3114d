/** Edit distance with swaps of neighbours (optimal string alignment). */
function distance(a: string, b: string): number {
  let before: number[] = []
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1
      let best = Math.min(previous[j]! + 1, row[j - 1]! + 1, previous[j - 1]! + cost)
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) best = Math.min(best, before[j - 2]! + 1)
      row.push(best)
    }
    before = previous
    previous = row
  }
  return previous[b.length]!
}

/**
 * Candidates that a person may have meant, nearest first: at most a third of the letters differ (but always one may),
 * or one contains the other.
 */
export function nearest(word: string, candidates: Iterable<string>, limit = 3): string[] {
  const wanted = word.slice(0, 100).toLowerCase()
  return [...new Set(candidates)]
    .map((candidate) => {
      const known = candidate.toLowerCase()
      const contains = wanted.length >= 3 && known.length >= 3 && (known.includes(wanted) || wanted.includes(known))
      const steps = distance(wanted, known)
      const close = steps <= Math.max(1, Math.floor(Math.max(wanted.length, known.length) / 3))
      return { candidate, rank: close ? steps : contains ? 50 + steps : Infinity }
    })
    .filter(({ rank }) => rank < Infinity)
    .sort((a, b) => a.rank - b.rank || (a.candidate < b.candidate ? -1 : 1))
    .slice(0, limit)
    .map(({ candidate }) => candidate)
}

/** `. Did you mean "timeout"?` to end a message with, or nothing. */
export function didYouMean(word: string, candidates: Iterable<string>): string {
  const [first] = nearest(word, candidates, 1)
  return first === undefined ? '' : `. Did you mean "${first}"?`
}

/** `a, b or c` */
export function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`
}
