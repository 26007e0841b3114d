/** From names of pages to what is wrong with them: read, parsed and looked at by every gate. */
import { loadRunbook, type LoadedPage } from '../runbook/library.ts'
import type { Diagnostic } from '../runbook/model.ts'
import { checkPages } from './check.ts'

export interface CheckedPage {
  readonly id: string
  readonly path: string
  /** LF line ends. */
  readonly source: string
  /** What the parser and every gate say, in page order. */
  readonly diagnostics: readonly Diagnostic[]
}

/** Pages that are looked at together: enough for few processes, and so few that their trees are soon gone. */
const GROUP = 100

/**
 * @param names ids or paths
 * @throws UnknownRunbook, BadInput as `loadRunbook`
 */
export async function checkNamed(root: string, names: readonly string[], note: (line: string) => void): Promise<CheckedPage[]> {
  const groups: Promise<CheckedPage[]>[] = []
  for (let at = 0; at < names.length; at += GROUP) {
    const loaded = await Promise.all(names.slice(at, at + GROUP).map((name) => loadRunbook(root, name)))
    // Not awaited: bash looks at one group while the next is parsed.
    groups.push(checkGroup(loaded, note))
  }
  return (await Promise.all(groups)).flat()
}

async function checkGroup(loaded: readonly LoadedPage[], note: (line: string) => void): Promise<CheckedPage[]> {
  const sound = loaded.flatMap(({ runbook, source, tree }) => runbook && tree ? [{ runbook, source, tree }] : [])
  const byPath = Map.groupBy(await checkPages(sound, { note }), ({ path }) => path)
  return loaded.map(({ id, path, source, diagnostics }) =>
    ({ id, path, source, diagnostics: [...diagnostics, ...byPath.get(path) ?? []] }))
}
