/** Whether a file is a result that may count: what is refused says why, and never shows as anything but not run. */
import { digestOf } from './digest.ts'
import { RESULT_SCHEMA, type Result } from './result.ts'
import { resultSchema } from './schema.ts'
import { shapeProblem } from './shape.ts'

export interface Refusal {
  readonly file: string
  readonly reason: string
}

export type Admitted = { readonly result: Result } | { readonly reason: string }

/** Clocks of two machines may differ, in milliseconds. */
export const CLOCKS_DIFFER = 5 * 60_000

/**
 * @param name of the file, without its folder: it must be that of the runbook and target
 * @param now milliseconds since 1970
 */
export function admit(text: string, name: string, now: number): Admitted {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    return { reason: `it is not whole: ${(error as Error).message}` }
  }
  const result = value as Result
  const reason = result?.schema === RESULT_SCHEMA
    ? shapeProblem(resultSchema(), value) ?? altered(result, text) ?? contradiction(result) ?? misplaced(result, name) ?? untimely(result, now)
    : `received schema ${(value as Partial<Result> | null)?.schema ?? 'none'}, expected ${RESULT_SCHEMA}; verify again to replace it`
  return reason === undefined ? { result } : { reason }
}

/** As it was written: with the digest of what it says, and nothing beside it (a key given twice, say). */
function altered(result: Result, text: string): string | undefined {
  if (result.digest === undefined) return 'it has no digest: verify again, or where git has its history: node scripts/seal.ts'
  const digest = digestOf(result)
  if (result.digest !== digest) return `its digest is not that of what it says: received ${short(result.digest)}, expected ${short(digest)}`
  if (text.replaceAll('\r\n', '\n').trimEnd() !== JSON.stringify(result, undefined, 2)) return 'it is not written as verify writes it: something in it stands twice, or beside it'
  return undefined
}

const short = (digest: string): string => `${digest.slice(0, 19)}…`

/** What `verified` means (see result.ts), asked of the parts. */
function contradiction({ verdict, blocks, leftBehind, secondPass = [], retries, standIn, failure }: Result): string | undefined {
  if (verdict === 'failed' || verdict === 'infrastructure-error' || verdict === 'not-run') return undefined
  const failed = blocks.find(({ status }) => status === 'failed')
  if (failed !== undefined) return `it says ${verdict}, and ${failed.kind} ${failed.name} failed`
  if (failure !== undefined) return `it says ${verdict}, and has a failure`
  if (leftBehind.length + secondPass.length > 0) return `it says ${verdict}, and something was left behind`
  if (verdict !== 'verified') return undefined
  if (retries > 0) return 'it says verified, after a retry'
  if (standIn !== undefined) return `it says verified, on the stand-in ${standIn}`
  return blocks.some(({ status }) => status === 'ok') ? undefined : 'it says verified, and no block ran'
}

/** One of another page's results under this page's name would show as this page's. */
function misplaced({ runbook, target, source }: Result, name: string): string | undefined {
  const own = `${runbook.replaceAll('/', '-')}.${target}.`
  if (!name.startsWith(own)) return `it is the result of ${runbook} on ${target}, whose file is named ${own}json`
  const page = source.path.replaceAll('\\', '/').replace(/\.mdx?$/, '')
  return page === runbook || page.endsWith(`/${runbook}`) ? undefined : `it says ${runbook}, and its source is ${source.path}`
}

function untimely({ startedAt, finishedAt }: Result, now: number): string | undefined {
  const [started, finished] = [Date.parse(startedAt), Date.parse(finishedAt)]
  if (Number.isNaN(started) || Number.isNaN(finished)) return `received ${startedAt} to ${finishedAt}, expected two dates`
  if (finished > now + CLOCKS_DIFFER) return `it is from the future: ${finishedAt}, and here it is ${new Date(now).toISOString()}`
  return started > finished ? `it ended before it began: ${startedAt} to ${finishedAt}` : undefined
}
