import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { plain } from '../../../src/site/fill.ts'
import { highlight, highlightAnsi, unhighlighted } from '../../../src/site/highlight.ts'
import { tokenColours } from '../../../src/site/highlight-options.ts'

test('each pair of colours is a class of the style sheet, with these very colours', () => {
  const css = readFileSync('src/styles/code.css', 'utf8')
  tokenColours.forEach(([light, dark], index) => {
    expect(css).toContain(`.shiki${index === 0 ? '' : ` .t${index}`} { --shiki-light: ${light}; --shiki-dark: ${dark}; }`)
  })
})

test('code of the book needs no style of its own', async () => {
  const html = await highlight(plain('# a comment\nif true; then curl --max-time 3 "$x" | grep 7; fi\n'), 'bash')
  expect(html).not.toContain('style=')
  expect(new Set(html.match(/class="t\d"/g)).size).toBeGreaterThan(3)
})

test('a colour that a program chose keeps its style, and text that looks like one stays text', async () => {
  expect(await highlightAnsi('\u001B[38;2;1;2;3mx\u001B[0m')).toContain('style=')
  const text = '<span style="--shiki-light:#1f2328;--shiki-dark:#e6edf3">'
  expect(await highlight(plain(text), 'text')).toContain('&#x3C;span style="--shiki-light:#1f2328;--shiki-dark:#e6edf3">')
})

test('a span says something, and something else than the one beside it', async () => {
  const text = 'if true; then curl --max-time 3 --fail "$x" | grep "<b>" 7; fi # and so on\n\n\tcat <<X\n  plain\nX\n'
  for (const html of [await highlight({ text, places: [{ name: 'x', start: 17, end: 21 }] }, 'bash'), await highlightAnsi('plain \u001B[31mred\u001B[0m\n\nplain')]) {
    expect(html).not.toContain('<span>')
    expect(html).not.toMatch(/(<span class="t\d">)[^<]*<\/span>[ \t]*\1/)
  }
  const html = await highlight({ text, places: [{ name: 'x', start: 17, end: 21 }] }, 'bash')
  expect(html).toContain('<span data-var="x">')
  expect(html.replace(/<[^>]*>/g, '').replaceAll('&#x3C;', '<').replaceAll('&quot;', '"').replaceAll('&#x26;', '&')).toBe(text)
})

test('without colours the text is the same', () => {
  const html = unhighlighted({ text: 'a <b> & "c" 1.2.3.4\n  d\n', places: [{ name: 'ip', start: 12, end: 19 }] })
  expect(html).toContain('<span data-var="ip">1.2.3.4</span>')
  expect(html.replace(/<[^>]*>/g, '').replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&')).toBe('a <b> & "c" 1.2.3.4\n  d\n')
})
