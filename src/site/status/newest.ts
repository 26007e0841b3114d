import type { Runbook } from '../../runbook/model.ts'

interface Line {
  readonly runbook: string
  readonly step: string
  readonly page: string
  readonly finishedAt: string
}

/** Of each step of this page, as its text is now, the newest line: by name, in the order in which they were first tried. */
export function newestOf<One extends Line>({ id, sha256 }: Pick<Runbook, 'id' | 'sha256'>, lines: readonly One[]): Map<string, One> {
  const own = lines.filter(({ runbook, page }) => runbook === id && page === sha256).toSorted((a, b) => Date.parse(a.finishedAt) - Date.parse(b.finishedAt))
  return new Map(own.map(line => [line.step, line]))
}
