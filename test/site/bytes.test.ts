import { describe, expect, inject, test } from 'vitest'
import { FIXTURE_BOOK } from './build.ts'
import { defaultsIn, fencesOf, filled, isOutput, labelOf } from './fences.ts'
import { all, attribute, blockOf, hasClass, one, readPage, textOf, type Element } from './html.ts'

const sites = inject('sites')

/** What a reader sees of a block, and what its copy button holds. */
function codeIn(frame: Element): { readonly shown: string, readonly copied: string | undefined } {
  return {
    shown: textOf(one(frame, ({ tagName }) => tagName === 'code')),
    // A button copies the one code of its frame (test/browser/reading.test.ts).
    copied: all(frame, element => hasClass(element, 'copy-code')).length === 1 ? textOf(one(frame, ({ tagName }) => tagName === 'code')) : undefined,
  }
}

const directCode = (block: Element): Element =>
  all(block, element => attribute(element, 'data-code-block') !== undefined)[0]!

describe.each([
  { name: 'the fixture book', book: FIXTURE_BOOK, site: sites.fixture, least: 30 },
  { name: 'the book', book: 'runbooks', site: sites.real, least: 50 },
])('$name', ({ book, site, least }) => {
  const fences = fencesOf(book)

  test('shows and copies the text of every block byte for byte, with the defaults filled in', () => {
    const labelled = fences.filter(fence => labelOf(fence) !== undefined)
    expect(labelled.length).toBeGreaterThanOrEqual(least)
    for (const fence of labelled) {
      const { kind, name } = labelOf(fence)!
      const expected = filled(fence.text, defaultsIn(book, fence.page))
      expect(codeIn(directCode(blockOf(readPage(site, `/${fence.page}/`), kind, name))), `${fence.page}:${fence.line}`)
        .toEqual({ shown: expected, copied: expected })
    }
  })

  test('shows every expected output with the defaults filled in, at the block before it', () => {
    let found = 0
    fences.forEach((fence, index) => {
      if (!isOutput(fence)) return
      found++
      const label = labelOf(fences.slice(0, index).findLast(other => labelOf(other) !== undefined)!)!
      const block = blockOf(readPage(site, `/${fence.page}/`), label.kind, label.name)
      const expected = filled(fence.text, defaultsIn(book, fence.page))
      expect(codeIn(directCode(one(block, element => hasClass(element, 'expected')))), `${fence.page}:${fence.line}`)
        .toEqual({ shown: expected, copied: expected })
    })
    expect(found).toBeGreaterThan(0)
  })

  test('shows no fence twice and none that the page does not have', () => {
    for (const page of new Set(fences.map(fence => fence.page))) {
      const shown = all(readPage(site, `/${page}/`).root, element => hasClass(element, 'block'))
        .map(element => `${attribute(element, 'data-kind')} ${attribute(element, 'data-name')}`)
      const labels = fences.filter(fence => fence.page === page).flatMap(fence => labelOf(fence) ?? [])
      expect(shown).toEqual(labels.map(({ kind, name }) => `${kind} ${name}`))
    }
  })
})

test('a fence that is only read keeps its placeholders', () => {
  const page = readPage(sites.fixture, '/haproxy/second-address/')
  expect(all(page.root, ({ tagName }) => tagName === 'code').map(textOf)).toContain('This fence is only read: {{vip}} stays as it is.\n')
})

test('inline code has its values filled in and remembers its template', () => {
  const page = readPage(sites.fixture, '/haproxy/second-address/')
  const code = all(page.root, element => attribute(element, 'data-template') === '{{vip}}')
  expect(code.map(textOf)).toEqual(['192.168.0.45'])
})

test('the comparison sees one byte that differs (control)', () => {
  const block = blockOf(readPage(sites.fixture, '/haproxy/second-address/'), 'step', 'declare')
  const text = fencesOf(FIXTURE_BOOK).find(fence => labelOf(fence)?.name === 'declare')!.text
  const expected = filled(text, defaultsIn(FIXTURE_BOOK, 'haproxy/second-address'))
  expect(codeIn(directCode(block)).shown).toBe(expected)
  expect(expected).toContain('\t')
  expect(expected).toMatch(/ {3}\n/)
  expect(expected).toMatch(/\n\n$/)
  for (const other of [expected.trimEnd(), expected.replace('\t', '  '), expected.replace(/ +\n/, '\n'), expected.replace('&amp;', '&')]) {
    expect(codeIn(directCode(block)).shown).not.toBe(other)
  }
})
