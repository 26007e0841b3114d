import { readFileSync } from 'node:fs'
import { codeToTokensWithThemes } from 'shiki'
import { expect, test } from 'vitest'
import { plain } from '../../../src/site/fill.ts'
import { highlight, highlightAnsi, unhighlighted } from '../../../src/site/highlight.ts'
import { shikiOptions, tokenColours } from '../../../src/site/highlight-options.ts'
import { pairThemes } from '../../../src/site/highlight-pair.ts'

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

test('each character has the colours that Shiki gives it in the two themes', async () => {
  const text = 'cat <<X > "$f" # "no" string\n  a: {{y}}\nX\nfor n in $(seq 3); do curl -fsS "http://${n}:80/?a=b" || exit 7; done\n'
  for (const lang of ['bash', 'yaml', 'json', 'ini'] as const) {
    const { themes, colorReplacements } = shikiOptions
    const expected = (await codeToTokensWithThemes(text, { lang, themes, colorReplacements, tokenizeTimeLimit: 0 })).map(line => line.flatMap(({ content, variants }) =>
      [...content].map(character => character + (/\s/.test(character) ? '' : `${variants['light']!.color} ${variants['dark']!.color}`.toLowerCase()))))
    const shown = (await highlight(plain(text), lang)).replace(/<span class="word">([^<]*)<\/span>/g, '$1')
    const lines = [...shown.matchAll(/<span class="line">(.*)<\/span>/g)].map(([, line]) => [...line!.matchAll(/<span (?:class="t(\d)"|style="--shiki-light:(#\w+);--shiki-dark:(#\w+)")>([^<]*)<\/span>|([^<]+)/g)].flatMap(([, number = '0', light, dark, coloured, bare]) =>
      [...(coloured ?? bare)!.replaceAll('&#x3C;', '<').replaceAll('&#x26;', '&')].map(character => character + (/\s/.test(character) ? '' : light === undefined ? tokenColours[Number(number)]!.join(' ') : `${light} ${dark}`))))
    expect(lines).toEqual(expected)
  }
})

test('themes that colour other scopes are no pair', () => {
  const theme = (...scopes: string[]) => ({ name: scopes.join(), colors: { 'editor.foreground': '#000000' }, tokenColors: scopes.map(scope => ({ scope, settings: { foreground: '#111111' } })) })
  expect(() => pairThemes('pair', theme('a', 'b'), theme('a', 'b'))).not.toThrow()
  expect(() => pairThemes('pair', theme('a', 'b'), theme('a', 'c'))).toThrow('expected the same')
  expect(() => pairThemes('pair', theme('a'), { ...theme('a'), tokenColors: [{ scope: 'a', settings: {} }] })).toThrow('expected two')
})
