/** `proofbook new` and `proofbook update`: the commands that write pages. */
import { existsSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { applyChanges, changesOf, type Change } from '../author/update.ts'
import { skeleton } from '../author/skeleton.ts'
import { readResults } from '../report/store.ts'
import { BadInput } from '../runbook/errors.ts'
import { findRunbooks, loadRunbook, runbooksRoot } from '../runbook/library.ts'
import { parseRunbook } from '../runbook/parse.ts'
import { ownBook } from '../runbook/settings.ts'
import type { UpdateFlags } from './commands/update.ts'
import { print, printJson } from './output.ts'
import { paint } from './paint.ts'
import { project } from './project.ts'

const ID = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\/[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/

/** @throws BadInput when the page is there already: nothing is ever written over */
export async function newPage(id: string, { json }: { readonly json?: boolean }): Promise<void> {
  if (!ID.test(id)) {
    throw new BadInput(`received "${id}", expected CHAPTER/NAME of lower-case letters, digits and hyphens such as haproxy/second-address`)
  }
  const { folder } = ownBook(process.cwd())
  const file = join(folder, `${id}${await extensionIn(folder)}`)
  await mkdir(dirname(file), { recursive: true })
  try {
    await writeFile(file, skeleton(id.split('/')[1]!), { flag: 'wx' })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    throw new BadInput(`${shown(file)} is there already, expected the id of a page that is not`, { cause: error })
  }
  if (json) return printJson('new', { runbook: id, file: shown(file) })
  print(`${shown(file)}\nnext     npx proofbook check ${shown(file)}\n         npx proofbook verify ${id} --on kind`)
}

/** `.md` in a book that has no other pages. */
async function extensionIn(folder: string): Promise<string> {
  const pages = existsSync(folder) ? await findRunbooks(folder) : []
  return pages.length > 0 && pages.every(({ path }) => path.endsWith('.md')) ? '.md' : '.mdx'
}

/** @throws BadInput when there is no result of the page as it is now */
export async function updatePage(id: string, { on, write, json }: UpdateFlags): Promise<void> {
  const page = await loadRunbook(runbooksRoot(), id)
  const { runbook } = page
  if (!runbook) throw new BadInput(`${page.path} has errors: npx proofbook check ${page.path}`)
  const { results, recorded } = project()
  const own = (await readResults([results, recorded]))
    .filter((result) => result.runbook === runbook.id && (on === undefined || result.target === on))
  const result = own.find(({ source }) => source.sha256 === runbook.sha256)
  const verify = `npx proofbook verify ${runbook.id} --on ${on ?? runbook.targets[0] ?? 'kind'}`
  if (!result) {
    throw new BadInput(own.length === 0 ? `no result of ${runbook.id} here, expected one of the page as it is: ${verify}`
      : `the page has changed since its last result (${own[0]!.finishedAt}), expected one of the page as it is: ${verify}`)
  }
  const { changes, refusals } = changesOf(runbook, result)
  const written = write === true && changes.length > 0
  if (written) await rewrite(runbook.id, page.path, page.source, changes)
  if (json) return printJson('update', { runbook: runbook.id, file: page.path, target: result.target, finishedAt: result.finishedAt, changes, refusals, written })

  for (const { block, line, before, after } of changes) {
    print(`${page.path}:${line}  output of ${block.kind} ${block.name}\n${difference(before, after)}\n`)
  }
  for (const { block, line, why } of refusals) print(`${page.path}:${line}  output of ${block.kind} ${block.name} is left as it is: ${why}`)
  const count = `${changes.length} ${changes.length === 1 ? 'output differs' : 'outputs differ'} from what ${result.target} printed on ${result.finishedAt}`
  print(changes.length === 0 ? `${count}.` : written ? `${count}: written. Prove the page again: ${verify}` : `${count}. Nothing is written without --write.`)
}

/** Line ends and a byte order mark stay as they are. */
async function rewrite(id: string, path: string, source: string, changes: readonly Change[]): Promise<void> {
  const bytes = await readFile(path, 'utf8')
  const text = applyChanges(source, changes)
  const { diagnostics } = parseRunbook(text, { id, path })
  if (diagnostics.length > 0) throw new BadInput(`${path} would have an error: ${diagnostics[0]!.message}. Nothing was written`)
  await writeFile(path, `${bytes.startsWith('\uFEFF') ? '\uFEFF' : ''}${bytes.includes('\r\n') ? text.replaceAll('\n', '\r\n') : text}`)
}

/** What is gone before what is new, in between what both have. */
function difference(before: string, after: string): string {
  const [old, fresh] = [before.split('\n'), after.split('\n')]
  const out: string[] = []
  let added: string[] = []
  let i = 0
  const flush = (upTo: number): void => {
    out.push(...old.slice(i, upTo).map((line) => paint('red', `- ${line}`, process.stdout)),
      ...added.map((line) => paint('green', `+ ${line}`, process.stdout)))
    added = []
  }
  for (const line of fresh) {
    const at = old.indexOf(line, i)
    if (at < 0) added.push(line)
    else {
      flush(at)
      out.push(`  ${line}`)
      i = at + 1
    }
  }
  flush(old.length)
  return out.join('\n')
}

const shown = (file: string): string => relative(process.cwd(), file)
