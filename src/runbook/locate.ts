/** Where the pages of a book are: by id, by path, all of them. Reads no page. */
import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join, relative, resolve, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { BadInput, UnknownRunbook } from './errors.ts'
import { ownBook } from './settings.ts'
import { listed, nearest } from './suggest.ts'

/**
 * The book of the working directory, else the one that comes with Proofbook.
 * @throws BadInput when `proofbook.json` names a folder that is not there
 */
export function runbooksRoot(cwd = process.cwd()): string {
  const { folder, named } = ownBook(cwd)
  if (existsSync(folder)) return folder
  if (named) throw new BadInput(`proofbook.json: received runbooks ${displayPath(folder)}, expected a folder that is there`)
  return fileURLToPath(new URL('../../runbooks', import.meta.url))
}

/** Whether a file is a page: MDX or Markdown. A README tells people about a folder, on every forge. */
export const isPage = (path: string): boolean => /\.mdx?$/.test(path) && !/(?:^|[\\/])readme\.mdx?$/i.test(path)

/** The id or path of a page without what follows its last point. */
export const withoutExtension = (path: string): string => path.replace(/\.mdx?$/, '')

/** The file of a page below a root; undefined when there is none. */
export function fileOf(root: string, id: string): string | undefined {
  return ['.mdx', '.md'].map((extension) => join(root, `${id}${extension}`)).find((file) => existsSync(file))
}

/**
 * Every page below a root, by id. Names that start with `_` or `.` are left out, as on the site.
 * @throws BadInput for a folder that cannot be read, and for two pages of one id
 */
export async function findRunbooks(root: string): Promise<{ id: string, path: string }[]> {
  let names: string[]
  try {
    names = await readdir(root, { recursive: true })
  } catch (error) {
    throw new BadInput(`cannot read the runbooks folder ${displayPath(root)}: ${(error as Error).message}`,
      { cause: error })
  }
  const pages = names
    .map((name) => name.split(sep).join('/'))
    .filter((name) => isPage(name) && !name.split('/').some((part) => /^[_.]/.test(part)))
    .sort()
    .map((name) => ({ id: withoutExtension(name), path: displayPath(join(root, name)) }))
  const twin = pages.find(({ id }, index) => pages[index + 1]?.id === id)
  if (twin !== undefined) throw new BadInput(`received two pages of the id ${twin.id}, expected ${twin.path} or ${twin.path}x and not both`)
  return pages
}

/**
 * The page of that id, or that file.
 * @throws UnknownRunbook when there is none
 */
export async function locate(root: string, idOrPath: string): Promise<{ id: string, path: string }> {
  if (/\.mdx?$/.test(idOrPath)) {
    if (!existsSync(idOrPath)) throw new UnknownRunbook(`no such file: ${idOrPath}`, [])
    const below = relative(root, resolve(idOrPath)).split(sep).join('/')
    const name = below.startsWith('../') ? idOrPath.split(/[\\/]/).at(-1)! : below
    return { id: withoutExtension(name), path: displayPath(idOrPath) }
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
