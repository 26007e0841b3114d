/** What kind of project a folder is, and where its runbooks go so that its own site shows them. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { BadInput } from '../../runbook/errors.ts'

export interface ProjectKind {
  readonly name: 'starlight' | 'docusaurus' | 'markdown'
  /** As a person calls it. */
  readonly title: string
  /** The npm package by which it is known; undefined: anything else. */
  readonly dependency?: string
  /** Folder of the book. */
  readonly book: string
  readonly extension: '.mdx' | '.md'
  /** What is left to do so that readers find the pages. */
  readonly note?: string
}

/** First match wins. A new kind: add it here. */
export const projectKinds: readonly ProjectKind[] = [
  {
    name: 'starlight', title: 'a Starlight site', dependency: '@astrojs/starlight', book: 'src/content/docs/runbooks', extension: '.mdx',
    note: "add { label: 'Runbooks', items: [{ autogenerate: { directory: 'runbooks' } }] } to the sidebar in astro.config, if you have one",
  },
  { name: 'docusaurus', title: 'a Docusaurus site', dependency: '@docusaurus/core', book: 'docs/runbooks', extension: '.mdx' },
  { name: 'markdown', title: 'a repository of Markdown', book: 'runbooks', extension: '.md' },
]

/** @throws BadInput for a package.json that is no JSON */
export function projectKind(cwd: string): ProjectKind {
  const known = dependenciesOf(cwd)
  return projectKinds.find(({ dependency }) => dependency === undefined || known.has(dependency))!
}

function dependenciesOf(cwd: string): ReadonlySet<string> {
  let text: string
  try {
    text = readFileSync(join(cwd, 'package.json'), 'utf8')
  } catch {
    return new Set()
  }
  try {
    const { dependencies = {}, devDependencies = {} } = JSON.parse(text) as Record<string, Record<string, string> | undefined>
    return new Set([...Object.keys(dependencies), ...Object.keys(devDependencies)])
  } catch (error) {
    throw new BadInput(`package.json: received ${(error as Error).message}, expected JSON`, { cause: error })
  }
}
