/** `proofbook check`: every finding with its line of the page, once or each time a page is saved. */
import { existsSync, watch } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { CheckedPage } from '../check/pages.ts'
import { renderDiagnostic, type Paint } from '../check/render.ts'
import { BadInput } from '../runbook/errors.ts'
import { runbooksRoot } from '../runbook/library.ts'
import { isPage } from '../runbook/locate.ts'
import { checkedPages } from './book.ts'
import type { CheckFlags } from './commands/check.ts'
import { interruptible } from './interrupt.ts'
import { print, printJson } from './output.ts'
import { paint, type Colour } from './paint.ts'

/** Milliseconds within which the events of one save come: editors write, rename and touch. */
const SAVE = 60

export async function checkCommand(paths: readonly string[], { watch: watching, json }: CheckFlags): Promise<void> {
  if (watching && json) throw new BadInput('received --watch and --json, expected one of them: --json prints one document')
  if (watching) return watchPages(paths)
  const pages = await checkedPages(paths, note)
  const diagnostics = pages.flatMap(page => page.diagnostics)
  if (diagnostics.length > 0) process.exitCode = 2
  if (json) return printJson('check', { runbooks: pages.length, diagnostics })
  tell(pages)
}

const note = (line: string): void => console.error(line)

async function watchPages(paths: readonly string[]): Promise<void> {
  using interrupt = interruptible(() => {})
  const { signal } = interrupt
  const places = paths.length === 0 ? [runbooksRoot()] : paths.map(path => resolve(path))
  const saved = new Set<string>()
  let wake = Promise.withResolvers<void>()
  // Before the first look, so that no save is missed.
  for (const place of places) {
    // Editors put a new file in place of the old one, so that a page is watched by its folder.
    const folder = isPage(place) ? dirname(place) : place
    watch(folder, { recursive: folder === place, signal }, (_, name) => {
      const file = join(folder, name ?? '')
      if (!isPage(file) || (folder !== place && file !== place)) return
      saved.add(file)
      wake.resolve()
    }).on('error', error => wake.reject(error))
  }
  signal.addEventListener('abort', () => wake.resolve(), { once: true })
  tell(await checkedPages(paths, note))
  console.error(`watching ${places.map(place => relative(process.cwd(), place) || '.').join(', ')}; Ctrl-C ends it`)
  for (;;) {
    await wake.promise
    if (signal.aborted) return
    await wait(SAVE)
    wake = Promise.withResolvers<void>()
    // A page that was removed or renamed away is none any more.
    const pages = [...saved].filter(file => existsSync(file)).map(file => relative(process.cwd(), file))
    saved.clear()
    if (pages.length > 0) tell(await checkedPages(pages, note))
  }
}

const colours: Readonly<Record<Parameters<Paint>[0], Colour>> = { message: 'bold', caret: 'red', gutter: 'dim' }

function tell(pages: readonly CheckedPage[]): void {
  const coloured: Paint = (part, text) => paint(colours[part], text, process.stdout)
  for (const page of pages) for (const diagnostic of page.diagnostics) print(renderDiagnostic(diagnostic, page.source, coloured))
  const count = pages.reduce((sum, page) => sum + page.diagnostics.length, 0)
  const plural = (number: number, word: string): string => `${number} ${word}${number === 1 ? '' : 's'}`
  print(`${count === 0 ? 'no errors' : plural(count, 'error')} in ${plural(pages.length, 'runbook')}.`)
}
