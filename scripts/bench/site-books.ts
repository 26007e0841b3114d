/** Books of any size out of the real one, for `npm run bench:site`: the site of a book, and the same pages as plain Starlight would have them. */
import { cpSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { sealed } from '../../src/report/digest.ts'
import type { Result } from '../../src/report/result.ts'

const BOOK = 'runbooks'
const DOCS = 'src/content/docs'
const RESULTS = 'src/content/results'

/** Ids of `count` pages: the book, then the book again with a number behind each name, as often as it takes. */
export function idsOf(book: readonly string[], count: number): { readonly id: string, readonly of: string }[] {
  return Array.from({ length: count }, (_, index) => {
    const of = book[index % book.length]!
    const copy = Math.floor(index / book.length) + 1
    return { id: copy === 1 ? of : `${of}-${copy}`, of }
  })
}

const pagesOf = (folder: string): string[] => globSync('**/*.{md,mdx}', { cwd: folder }).filter(path => !/(^|\/)[_.]/.test(path)).sort()

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
}

/** A book with a result of every page that has one. @returns what the build of its site must know */
export function writeSite(folder: string, count: number): Readonly<Record<string, string>> {
  rmSync(folder, { recursive: true, force: true })
  const results = globSync('*.json', { cwd: RESULTS }).map(name => JSON.parse(readFileSync(join(RESULTS, name), 'utf8')) as Result)
  for (const { id, of } of idsOf(pagesOf(BOOK).map(path => path.replace(/\.mdx$/, '')), count)) {
    write(join(folder, 'book', `${id}.mdx`), readFileSync(join(BOOK, `${of}.mdx`), 'utf8'))
    for (const result of results.filter(({ runbook }) => runbook === of)) {
      const own = sealed({ ...result, runbook: id, source: { ...result.source, path: `${BOOK}/${id}.mdx` } })
      write(join(folder, 'results', `${id.replaceAll('/', '-')}.${own.target}.json`), JSON.stringify(own, undefined, 2))
    }
  }
  return {
    PROOFBOOK_BOOK: join(folder, 'book'), PROOFBOOK_RESULTS: join(folder, 'results'), PROOFBOOK_HISTORY: 'src/content/history.jsonl',
    PROOFBOOK_SITE_CACHE: join(folder, 'cache'),
  }
}

/** The same pages and guides in a project with Starlight and nothing else: no transcript, diagram, chart, badge, script or report. */
export function writePlain(folder: string, count: number): void {
  rmSync(folder, { recursive: true, force: true })
  const put = (path: string, source: string): void => { write(join(folder, 'src/content/docs', path), bare(readFileSync(source, 'utf8'))) }
  for (const path of pagesOf(DOCS)) put(path, join(DOCS, path))
  for (const { id, of } of idsOf(pagesOf(BOOK).map(path => path.replace(/\.mdx$/, '')), count)) put(`${id}.mdx`, join(BOOK, `${of}.mdx`))
  cpSync('src/public', join(folder, 'public'), { recursive: true })
  writeStarlight(folder)
}

/** What a machine is measured by: 30 pages of 20 one-line steps with their outputs, 1,200 fences, in plain Starlight. */
export function writeReference(folder: string): void {
  rmSync(folder, { recursive: true, force: true })
  const step = (number: number): string => `## Step ${number}\n\nSay ${number}.\n\n\`\`\`bash\necho ${number}\n\`\`\`\n\n\`\`\`text\n${number}\n\`\`\`\n`
  for (let page = 1; page <= 30; page++) {
    const steps = Array.from({ length: 20 }, (_, index) => step((page - 1) * 20 + index + 1))
    write(join(folder, `src/content/docs/page-${page}.mdx`), `---\ntitle: Page ${page}\n---\n\n${steps.join('\n')}`)
  }
  writeStarlight(folder)
}

function writeStarlight(folder: string): void {
  write(join(folder, 'package.json'), '{ "type": "module", "dependencies": { "astro": "*", "@astrojs/starlight": "*" } }\n')
  write(join(folder, 'tsconfig.json'), '{}\n')
  write(join(folder, 'src/content.config.ts'), `import { defineCollection } from 'astro:content'
import { docsLoader } from '@astrojs/starlight/loaders'
import { docsSchema } from '@astrojs/starlight/schema'
export const collections = { docs: defineCollection({ loader: docsLoader(), schema: docsSchema() }) }
`)
  write(join(folder, 'astro.config.mjs'), `import starlight from '@astrojs/starlight'
import { defineConfig } from 'astro/config'
export default defineConfig({ integrations: [starlight({ title: 'Plain' })] })
`)
}

/** Without what is ours: imports, components, and keys of the frontmatter that Starlight does not know. */
function bare(text: string): string {
  const [, head = '', body = ''] = /^---\n([\s\S]*?)\n---\n([\s\S]*)$/.exec(text) ?? []
  const keys = head.split(/\n(?=\S)/).filter(key => /^(?:title|description|template|hero|head|sidebar|tableOfContents):/.test(key))
  return `---\n${keys.join('\n')}\n---\n${body.replace(/^import .*$/gm, '').replace(/<[A-Z]\w*[^>]*\/>/g, '')}`
}
