/** Of which text of the book a page is, and where a reader of an older release finds the text of then: what Git says at build time. */
import { execFileSync } from 'node:child_process'

const REPOSITORY = 'https://github.com/proofbook/proofbook'

export interface BookVersion {
  /** `v0.2.0`, `v0.2.0-5-gabc1234`, `abc1234`: the nearest release, the commits since, the commit. */
  readonly text: string
  /** Of the commit; absent when files differ from it, since no address shows those. */
  readonly href?: string
}

export interface Release {
  /** `0.2.0` */
  readonly version: string
  readonly tag: string
  /** Paths from the root of the repository. */
  readonly pages: ReadonlySet<string>
}

/** Undefined where there is no Git or no repository, such as in an unpacked archive. */
export type Git = (...args: readonly string[]) => string | undefined

export const gitIn = (folder: string): Git => (...args) => {
  try {
    return execFileSync('git', args, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], maxBuffer: 1 << 26 }).trim()
  } catch {
    return undefined
  }
}

export function bookVersion(git: Git): BookVersion | undefined {
  const text = git('describe', '--tags', '--match', 'v*.*.*', '--always', '--dirty')
  const commit = git('rev-parse', 'HEAD')
  if (!text || !commit) return undefined
  return text.endsWith('-dirty') ? { text: `${text.slice(0, -'-dirty'.length)}, with changes` } : { text, href: `${REPOSITORY}/commit/${commit}` }
}

/** Newest first, by version. Tags such as `v0`, which moves, are no release. */
export function releases(git: Git, book: string): Release[] {
  const tags = git('tag', '--list', 'v*.*.*', '--sort=-version:refname') ?? ''
  return tags.split('\n').filter(tag => /^v\d+\.\d+\.\d+(?:-[\w.]+)?$/.test(tag)).map(tag => ({
    version: tag.slice(1), tag, pages: new Set((git('ls-tree', '-r', '--name-only', tag, '--', book) ?? '').split('\n')),
  }))
}

/** The releases that have this page, each with an address of its text of then. */
export function olderTexts(all: readonly Release[], path: string): { version: string, href: string }[] {
  return all.filter(({ pages }) => pages.has(path)).map(({ version, tag }) => ({ version, href: `${REPOSITORY}/blob/${tag}/${path}` }))
}
