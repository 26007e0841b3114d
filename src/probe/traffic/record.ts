/** Reads what a prober has written down (src/lab/assets/prober): a line a question, in the order of the answers. */

export interface Sample {
  /** When it was asked, in milliseconds since 1970. */
  readonly at: number
  /** `ok`, or in a word why not. */
  readonly word: string
  /** When the prober that asked had started: another one means that the one before had ended. */
  readonly run: number
}

/** In the order in which they were asked. A last line that is not whole is passed over. */
export function parseRecord(text: string): Sample[] {
  const samples: Sample[] = []
  let run = 0
  for (const line of text.split('\n').slice(0, -1)) {
    const [first = '', second = ''] = line.split(' ')
    if (first === 'run') run = Number(second)
    else if (/^\d+$/.test(first) && second !== '') samples.push({ at: Number(first), word: second, run })
  }
  return samples.sort((a, b) => a.at - b.at)
}
