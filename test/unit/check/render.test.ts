import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { renderDiagnostic } from '../../../src/check/render.ts'
import { parseRunbook } from '../../../src/runbook/parse.ts'

const bad = (name: string) => readFileSync(new URL(`../../fixtures/bad/${name}.mdx`, import.meta.url), 'utf8')
const render = (name: string) => {
  const source = bad(name)
  return parseRunbook(source, { id: name, path: `runbooks/${name}.mdx` }).diagnostics.map((diagnostic) => renderDiagnostic(diagnostic, source)).join('\n')
}

test('place, message, line, caret, received, expected', () => {
  expect(render('bad-timeout')).toBe([
    'runbooks/bad-timeout.mdx:7:20  bad "timeout" on check "slow"',
    '  7 | ```bash check=slow timeout=3',
    '    |                    ^^^^^^^^^',
    '      received "3", expected a duration such as 500ms, 60s, 2m, 1h or 30d, at most 1d',
  ].join('\n'))
})

test('a tab before the caret stays a tab; CRLF does not show', () => {
  expect(render('tabs').split('\n').slice(1, 3)).toEqual(['  7 | ```bash\tcheck=one\ttimeot=3m', '    |        \t         \t^^^^^^'])
  expect(render('crlf').split('\n').slice(1, 3)).toEqual(['  11 | ```bash check=two timeot=3m', '     |                   ^^^^^^'])
})

test('a page that cannot be read shows no line', () => {
  const { diagnostics } = parseRunbook('x'.repeat(5e6), { id: 'big', path: 'big.mdx' })
  expect(renderDiagnostic(diagnostics[0]!, '')).toBe('big.mdx:1:1  page too large\n      received 4.8 MiB, expected at most 1 MiB of MDX')
})

test('a very long line is cut around the caret', () => {
  const source = `${'a '.repeat(500)}HERE${' b'.repeat(500)}`
  const [, line, caret] = renderDiagnostic({ path: 'p', position: { line: 1, column: 1001 }, length: 4, message: 'm' }, source).split('\n')
  expect(line!.length).toBeLessThan(140)
  expect(line!.slice(caret!.indexOf('^'), caret!.lastIndexOf('^') + 1)).toBe('HERE')
})

test('text of a page cannot drive the terminal', () => {
  const out = renderDiagnostic({ path: 'p', position: { line: 1, column: 1 }, message: 'm', received: '\x1b[31mred\x07' }, 'x\u202Ey')
  expect(out).not.toMatch(/[\x1b\x07\u202E]/)
})

test('the caret stands below wide characters and combining marks too', () => {
  const source = '\u65E5\u672C e\u0301 \u{1F600} HERE'
  const column = source.indexOf('HERE') + 1
  const [, , caret] = renderDiagnostic({ path: 'p', position: { line: 1, column }, length: 4, message: 'm' }, source).split('\n')
  // 2 + 2 + 1 + 1 + 1 + 2 + 1 columns stand before it.
  expect(caret).toBe(`    | ${' '.repeat(10)}^^^^`)
})

test('colours are asked for, and only around whole parts', () => {
  const diagnostic = { path: 'p', position: { line: 1, column: 2 }, message: 'm', received: 'r' }
  const painted = renderDiagnostic(diagnostic, 'abc', (part, text) => `<${part}>${text}</>`)
  expect(painted).toBe('p:1:2  <message>m</>\n<gutter>  1 |</> abc\n<gutter>    |</>  <caret>^</>\n      received r')
  expect(painted.replace(/<[^>]*>/g, '')).toBe(renderDiagnostic(diagnostic, 'abc'))
})
