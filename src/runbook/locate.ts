/** Where the pages of a book are: by id, by path, all of them. Reads no page. */
import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join, relative, resolve, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { BadInput, UnknownRunbook } from './errors.ts'
import { listed, nearest } from './suggest.ts'

/** `runbooks/` of the working directory, else the book that comes with Proofbook. */
export function runbooksRoot(cwd = process.cwd()): string {
  const own = join(cwd, 'runbooks')
  return existsSync(own) ? own : fileURLToPath(new URL('../../runbooks', import.meta.url))
}

/** Every page below a root, by id. Names that start with `_` or `.` are left out, as on the site. */
export async function findRunbooks(root: string): Promise<{ id: string, path: string }[]> {
  let names: string[]
  try {
    names = await readdir(root, { recursive: true })
  } catch (error) {
    throw new BadInput(`cannot read the runbooks folder ${displayPath(root)}: ${(error as Error).message}`,
      { cause: error })
  }
  return names
    .map((name) => name.split(sep).join('/'))
    .filter((name) => name.endsWith('.mdx') && !name.split('/').some((part) => /^[_.]/.test(part)))
    .sort()
    .map((name) => ({ id: name.slice(0, -'.mdx'.length), path: displayPath(join(root, name)) }))
}

/**
 * The page of that id, or that file.
 * @throws UnknownRunbook when there is none
 */
export async function locate(root: string, idOrPath: string): Promise<{ id: string, path: string }> {
  if (idOrPath.endsWith('.mdx')) {
    if (!existsSync(idOrPath)) throw new UnknownRunbook(`no such file: ${idOrPath}`, [])
    const below = relative(root, resolve(idOrPath)).split(sep).join('/')
    const name = below.startsWith('../') ? idOrPath.split(/[\\/]/).at(-1)! : below
    return { id: name.slice(0, -'.mdx'.length), path: displayPath(idOrPath) }
  }
  const known = await findRunbooks(root)
  const found = known.find(({ id }) => id === idOrPath)
  if (found !== undefined) return found
  const ids = known.map(({ id }) => id)
  const near = nearest(idOrPath, [...ids, ...ids.map((id) => id.split('/').at(-1)!)])
    .map((name) => ids.find((id) => id === name || id.endsWith(`/${name}`))!)
  const unique = [...new Set(near)]
  const hint = unique.length > 0 ? ` Did you mean ${listed(unique.map((id) => `"${id}"`))}?` : ' See: proofbook list'
  throw new UnknownRunbook(`unknown runbook "${idOrPath}" in ${displayPath(root)}.${hint}`, unique)
}

function displayPath(path: string): string {
  const below = relative(process.cwd(), resolve(path))
  return below === '' || below.startsWith('..') ? resolve(path) : below
}
