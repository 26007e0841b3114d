/** Which pages a change can have broken. */
import { $ } from 'zx/core'
import { BadInput } from '../../runbook/errors.ts'

/** Folders whose change can break every page: what runs them, and where. */
const ENGINE = ['src/runbook/', 'src/script/', 'src/run/', 'src/target/', 'src/lab/', 'package-lock.json']

/** Tests and words are not among them. Pure. */
export function affected<Page extends { readonly path: string }>(pages: readonly Page[], changed: readonly string[]): Page[] {
  if (changed.some(file => ENGINE.some(part => file.startsWith(part)))) return [...pages]
  return pages.filter(({ path }) => changed.includes(path))
}

const git = $({ quiet: true, nothrow: true })

/**
 * Files that differ between a revision and the working folder, also those that git does not know yet; relative to the
 * working folder.
 * @throws BadInput with git's words
 */
export async function changedSince(revision: string): Promise<string[]> {
  const [tracked, fresh] = await Promise.all([
    // A revision that begins with a hyphen is none, and no option either.
    git`git diff --name-only --relative --end-of-options ${revision} --`,
    git`git ls-files --others --exclude-standard`,
  ])
  if (tracked.exitCode !== 0) throw new BadInput(`received --since ${revision}, and git says: ${tracked.stderr.trim()}`)
  return `${tracked.stdout}${fresh.stdout}`.split('\n').filter(line => line !== '')
}
