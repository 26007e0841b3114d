/** What GitHub shows of this repository: its README, forms, and who may be told what. */
import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { createProgram } from '../../../src/cli/program.ts'
import { anchorsOf } from '../../../src/runbook/anchors.ts'
import { parsePage, walk } from '../../../src/runbook/mdast.ts'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const text = (file: string): string => readFileSync(join(root, file), 'utf8')
const pages = ['README.md', 'CHANGELOG.md', '.github/CONTRIBUTING.md', '.github/SECURITY.md', '.github/PULL_REQUEST_TEMPLATE.md']

/** Links of a page that lead to nothing in this repository, as GitHub follows them. */
function deadLinks(file: string, source: string): string[] {
  const parsed = parsePage(source, 'x.md')
  if ('error' in parsed) throw new Error(parsed.error.message)
  const urls = [...walk(parsed.tree)].flatMap(({ type, url }) => ['link', 'image', 'definition'].includes(type) && url ? [url] : [])
  return urls.filter((url) => {
    if (/^https:\/\//.test(url)) return false
    const [path = '', anchor] = url.split('#')
    const target = path === '' ? file : join(dirname(file), path)
    if (!existsSync(join(root, target))) return true
    if (anchor === undefined) return false
    const tree = parsePage(text(target), target)
    return 'error' in tree || !anchorsOf(tree.tree).has(anchor)
  })
}

describe.each(pages)('%s', (file) => {
  test('is read by GitHub as it is meant: links lead somewhere, nothing is MDX, headings are in order', () => {
    expect(deadLinks(file, text(file))).toEqual([])
    const parsed = parsePage(text(file), 'x.md')
    if ('error' in parsed) throw new Error(parsed.error.message)
    const nodes = [...walk(parsed.tree)]
    expect(nodes.filter(({ type, value }) => type === 'html' && !value?.startsWith('<!--')).map(({ value }) => value)).toEqual([])
    const depths = nodes.flatMap(({ type, depth }) => type === 'heading' && depth !== undefined ? [depth] : [])
    expect(depths.filter((depth, index) => index > 0 && depth > depths[index - 1]! + 1)).toEqual([])
    expect(nodes.filter(({ type, lang }) => type === 'code' && !lang)).toEqual([])
  })
  test('names only commands and options that there are', async () => {
    const program = await createProgram()
    for (const [line, name, rest = ''] of text(file).matchAll(/npx proofbook ([a-z]+)([^`\n]*)/g)) {
      const command = program.commands.find((one) => one.name() === name)
      expect(command, line).toBeDefined()
      const sub = command!.commands.find((one) => one.name() === rest.trim().split(' ')[0]) ?? command!
      for (const [option] of rest.split('#')[0]!.matchAll(/--[a-z-]+/g)) expect(sub.options.map(({ long }) => long), line).toContain(option)
    }
  })
})

test('a dead link would be found', () => {
  expect(deadLinks('README.md', '[a](LICENSE) [b](none.md) [c](README.md#none) [d](#the-book) [e](https://example.org)')).toEqual(['none.md', 'README.md#none'])
})

test('every runbook is in the README', () => {
  expect(globSync('runbooks/*/*.mdx', { cwd: root }).filter((file) => !text('README.md').includes(`(${file})`))).toEqual([])
})

describe('forms', () => {
  const forms = globSync('.github/ISSUE_TEMPLATE/*.yml', { cwd: root }).filter((file) => !file.endsWith('config.yml'))
  test.each(forms)('%s has what GitHub asks of a form', (file) => {
    const { name, description, body } = parse(text(file)) as { name: string, description: string, body: { type: string, id: string, attributes: { label: string } }[] }
    expect([typeof name, typeof description]).toEqual(['string', 'string'])
    expect(body.map(({ type }) => type).filter((type) => !['input', 'textarea', 'dropdown', 'checkboxes', 'markdown'].includes(type))).toEqual([])
    expect(new Set(body.map(({ id }) => id)).size).toBe(body.length)
    expect(body.every(({ attributes: { label } }) => label.length > 0)).toBe(true)
  })
  test('there are two', () => expect(forms).toHaveLength(2))
})

test('dependabot looks where there is something', () => {
  const { version, updates } = parse(text('.github/dependabot.yml')) as { version: number, updates: { 'package-ecosystem': string, groups: Record<string, { patterns: string[] }> }[] }
  expect(version).toBe(2)
  expect(updates.map((update) => update['package-ecosystem'])).toEqual(['github-actions', 'npm'])
  const { dependencies, devDependencies } = JSON.parse(text('package.json')) as Record<string, Record<string, string>>
  const known = Object.keys({ ...dependencies, ...devDependencies })
  const groups = Object.values(updates[1]!.groups).flatMap(({ patterns }) => patterns)
  expect(groups.filter((pattern) => !known.some((name) => new RegExp(`^${pattern.replaceAll('*', '.*')}$`).test(name)))).toEqual([])
})
