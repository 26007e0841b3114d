/** Ten thousand pages with something broken in them: none crashes the parser, none keeps it busy, each refusal has its line. */
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { renderDiagnostic } from '../../../src/check/render.ts'
import { parseRunbook } from '../../../src/runbook/parse.ts'
import { skeleton } from '../../../src/author/skeleton.ts'

const RUNS = 10_000
/** Milliseconds that one page may take, of processor time: a busy machine is not the parser's fault. */
const LONGEST = 1_000

const pages = [
  readFileSync('test/fixtures/runbooks/all-features.mdx', 'utf8'),
  readFileSync('test/fixtures/runbooks/chapter/values.mdx', 'utf8'),
  readFileSync('test/fixtures/gates/links.good.mdx', 'utf8'),
  skeleton('fuzzed'),
]

/** What breaks pages: pieces of the grammar in the wrong place, and what has broken parsers before. */
const piece = fc.oneof(
  fc.constantFrom('```', '~~~', '````', '```bash\n', '```bash step=a\n', '\n```\n', '---\n', '---', '{{', '}}', '{{vip}}', '{{...}}', '{{/(/}}', '{{/a{9999999}/}}',
    '{', '}', '<', '<a>', '</a>', '<!--', '{/*', '*/}', 'import x from "y"\n', 'export const a = 1\n', '# ', '> ', '- ', '1. ', '\t', '    ', '\r\n', '\r', '\0', '\uFEFF', '\u2028', '\u202E',
    '\uD800', '\u{1F600}', '"', "'", '`', '\\', '&amp;', '&#0;', '|', ': ', ':\n', '- - - - ', '&a ', '*a ', '<<: *a\n', '!!js/function ', '? ', '[', ']', ', ', '__proto__: x\n',
    ' step=a', ' check=a', ' rollback=a', ' output', ' needs=a,b', ' capture=a:name', ' ready=port:80', ' background', ' eventually=1s', ' stable=3', ' if=cni:x', ' timeout=9999999999d',
    ' on=lab', ' file=/../x', ' exit=999', ' tags=,', ' skip=""', ' backoff=1s..', ' constructor', ' =', ' a="', '[a]: ', '[x](#y)', '![', ']('),
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.nat(400).map((count) => '['.repeat(count)), fc.nat(400).map((count) => '> '.repeat(count)), fc.nat(200).map((count) => '{{a}}'.repeat(count)),
  fc.nat(300).map((count) => '*_'.repeat(count)), fc.nat(60).map((count) => `${'  '.repeat(count)}- x\n`),
)

/** One change at a share of the page's length: something put in, taken out, said twice, or moved. */
const mutation = fc.record({
  how: fc.constantFrom('insert', 'delete', 'replace', 'repeat', 'swap', 'line', 'cut'), at: fc.double({ min: 0, max: 1, noNaN: true }),
  length: fc.nat(60), text: piece,
})

function mutate(source: string, { how, at, length, text }: { how: string, at: number, length: number, text: string }): string {
  const start = Math.floor(at * source.length)
  const end = Math.min(source.length, start + length)
  const lines = source.split('\n')
  const row = Math.floor(at * (lines.length - 1))
  switch (how) {
    case 'insert': return source.slice(0, start) + text + source.slice(start)
    case 'delete': return source.slice(0, start) + source.slice(end)
    case 'replace': return source.slice(0, start) + text + source.slice(end)
    case 'repeat': return source.slice(0, end) + source.slice(start)
    case 'swap': return [...lines.slice(0, row), lines[row + 1] ?? '', lines[row]!, ...lines.slice(row + 2)].join('\n')
    case 'line': return lines.filter((_, index) => index !== row).join('\n')
    default: return source.slice(0, start)
  }
}

test(`${RUNS} mutated pages`, { timeout: 120_000 }, () => {
  let refused = 0
  let longest = 0
  fc.assert(fc.property(fc.constantFrom(...pages), fc.array(mutation, { minLength: 1, maxLength: 4 }), (page, mutations) => {
    const source = mutations.reduce(mutate, page)
    const before = process.cpuUsage()
    const { runbook, diagnostics } = parseRunbook(source, { id: 'fuzz', path: 'fuzz.mdx' })
    const { user, system } = process.cpuUsage(before)
    longest = Math.max(longest, (user + system) / 1000)
    expect((user + system) / 1000).toBeLessThan(LONGEST)
    expect(runbook === undefined).toBe(diagnostics.length > 0)
    refused += runbook === undefined ? 1 : 0
    const lines = source.replaceAll('\r\n', '\n').split('\n').length
    for (const diagnostic of diagnostics) {
      const { position: { line, column }, message } = diagnostic
      expect(message).not.toBe('')
      expect(line).toBeGreaterThanOrEqual(1)
      expect(line).toBeLessThanOrEqual(lines)
      expect(column).toBeGreaterThanOrEqual(1)
      expect(renderDiagnostic(diagnostic, source)).toContain(`fuzz.mdx:${line}:${column}`)
    }
  }), { numRuns: RUNS, seed: 20261121 })
  // Both kinds were met: pages that are still sound, and many more that are not.
  expect(refused).toBeGreaterThan(RUNS / 3)
  expect(refused).toBeLessThan(RUNS)
  expect(longest).toBeGreaterThan(0)
})
