/** What an issue remembers of the nights before: a comment in its text that no reader sees. */

export interface Memory {
  readonly runbook: string
  /** How it failed when somebody was told last. */
  readonly failure: string
  /** Nights in a row. */
  readonly nights: number
  /** Of the first night, ISO 8601. */
  readonly since: string
  /** Address of the newest workflow run that was told of: the same run is told once. */
  readonly run: string
}

const BEGIN = '<!-- proofbook: '
const END = ' -->'

/** A hyphen could end the comment, so that there is none. */
export const remember = (memory: Memory): string => `${BEGIN}${JSON.stringify(memory).replaceAll('-', '\\u002d')}${END}`

/** Undefined for the text of an issue that is none of ours. */
export function recall(body: string): Memory | undefined {
  const start = body.indexOf(BEGIN)
  const end = body.indexOf(END, start)
  if (start < 0 || end < 0) return undefined
  try {
    const memory = JSON.parse(body.slice(start + BEGIN.length, end)) as Partial<Memory>
    const { runbook, failure, nights, since, run } = memory
    if (typeof runbook !== 'string' || typeof failure !== 'string' || typeof nights !== 'number' || typeof since !== 'string' || typeof run !== 'string') return undefined
    return { runbook, failure, nights, since, run }
  } catch {
    return undefined
  }
}
