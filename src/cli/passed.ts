/**
 * Remembers which pages passed every gate, so that a page is not checked again before each run: a gate may start a
 * process per block. `proofbook check` never asks this memory.
 */
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { LoadedPage } from '../runbook/library.ts'
import { writeText } from '../report/store.ts'
import { project } from './project.ts'
import { version } from './version.ts'

/** The page as it is when it passed before with the same bytes and the same Proofbook, else what `check` says. */
export async function passed(page: LoadedPage, check: () => Promise<LoadedPage>): Promise<LoadedPage> {
  if (!page.runbook) return page
  const key = createHash('sha256').update(`${version()}\n${page.path}\n${page.runbook.sha256}`).digest('hex')
  const mark = join(project().root, 'checked', key)
  if (existsSync(mark)) return page
  const checked = await check()
  if (checked.diagnostics.length === 0) await writeText(mark, `${page.path}\n`)
  return checked
}
