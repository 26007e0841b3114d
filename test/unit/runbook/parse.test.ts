import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseRunbook } from '../../../src/runbook/parse.ts'
import { anyText, HEAD_LINES, page, parse, sound } from './page.ts'

const file = new URL('../../fixtures/runbooks/all-features.mdx', import.meta.url)

describe('the page with every feature', () => {
  const bytes = readFileSync(file)
  const { runbook, diagnostics } = parseRunbook(bytes, { id: 'all-features', path: 'all-features.mdx' })
  const find = (name: string, kind?: string) => runbook!.blocks.find((block) => block.name === name && (kind === undefined || block.kind === kind))!

  test('is sound', () => expect(diagnostics).toEqual([]))
  test('frontmatter', () => {
    expect(runbook).toMatchObject({
      title: 'Serve a greeting', topology: 'load-balancer', cni: 'any', targets: ['kind'], risk: 'reversible', duration: 60_000,
      downtimeBudget: { http: '0s', api: '5%' }, versions: { python: '3.10' }, verifiedFor: 30 * 86_400_000, claims: ['H1', 'H4'], requires: [],
      sha256: createHash('sha256').update(bytes).digest('hex'),
    })
    expect(runbook!.variables).toEqual([
      { name: 'greeting', type: 'name', default: 'hello', label: 'What is served', position: { line: 5, column: 3 } },
      { name: 'port', type: 'port', default: '8080', label: 'port', position: { line: 6, column: 3 } },
      { name: 'flavour', type: 'enum', default: 'plain', label: 'Flavour', values: ['plain', 'loud'], position: { line: 7, column: 3 } },
    ])
  })
  test('blocks in page order', () => {
    expect(runbook!.blocks.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      'precheck port-is-free', 'step configure', 'rollback configure', 'step serve', 'rollback serve', 'check greeting-served',
      'check no-such-file', 'check closed-port', 'step note', 'step object', 'rollback object', 'check object-is-valid', 'drill power-cut',
      'skip skip-114', 'cleanup remove-all', 'check who-serves', 'step log', 'drill load',
    ])
  })
  test('words of the fences', () => {
    expect(find('configure')).toMatchObject({ action: { type: 'file', path: '/etc/greeting.conf', mode: '0644', owner: 'root:root' }, on: 'lb', language: 'ini' })
    expect(find('serve')).toMatchObject({ background: true, destructive: true, timeout: 120_000, needs: ['configure'], exit: 0 })
    expect(find('port-is-free')).toMatchObject({ polling: { eventually: 5000, stable: 1 } })
    expect(find('no-such-file')).toMatchObject({ exit: 22, timeout: 60_000 })
    expect(find('closed-port')).toMatchObject({ exit: 'fail', condition: { fact: 'target', value: 'kind' }, language: 'sh' })
    expect(find('note')).toMatchObject({ noRollback: 'a log line cannot be taken back', on: 'workstation' })
    expect(find('object')).toMatchObject({ action: { type: 'apply', serverDryRun: false } })
    expect(find('object-is-valid')).toMatchObject({ action: { type: 'apply', serverDryRun: true } })
    expect(find('who-serves')).toMatchObject({
      polling: { eventually: 10_000, stable: 1, backoff: { first: 100, longest: 1000 } },
      capture: { name: 'server-name', type: 'name' }, tags: ['slow', 'network'], once: false, parallel: false,
    })
    expect(find('load')).toMatchObject({ background: true, ready: { type: 'port', value: '{{port}}' }, timeout: 10_000 })
    expect(find('skip-114')).toMatchObject({ kind: 'skip', skipReason: "for the reader's eyes: another distribution" })
  })
  test('a block that uses what another one prints needs it, without saying so', () => {
    expect(find('log')).toMatchObject({ needs: ['who-serves'], once: true, parallel: true, on: 'servers' })
  })
  test('a fence in a list: text without the indentation, place with it, output and reason behind it', () => {
    expect(find('greeting-served')).toMatchObject({
      text: 'curl -s http://127.0.0.1:{{port}}/greeting.conf\n', position: { line: 64, column: 4 },
      polling: { eventually: 10_000, stable: 2 }, heading: '2. Serve it', why: 'The file comes back as it was written.',
      output: { text: '[greeting]\n{{...}}\ntext = {{greeting}}\n{{/fla[v]our/}} = {{any}}', position: { line: 67, column: 4 } },
    })
  })
  test('heading and reason', () => {
    expect(find('serve', 'step')).toMatchObject({ heading: '2. Serve it', why: 'A server in the background, stopped by its rollback.' })
    expect(find('configure', 'step').why).toBe('')
  })
  test('diagrams', () => {
    expect(runbook!.diagrams).toEqual([{ text: 'flowchart LR\n  client --> lb["lb:{{port}}"]\n', position: { line: 25, column: 1 } }])
  })
  test('CRLF and a byte order mark change neither blocks nor places', () => {
    const windows = parseRunbook(`\uFEFF${bytes.toString().replaceAll('\n', '\r\n')}`, { id: 'all-features', path: 'all-features.mdx' })
    expect(windows.runbook).toEqual({ ...runbook, sha256: windows.runbook!.sha256 })
    expect(windows.runbook!.sha256).not.toBe(runbook!.sha256)
  })
})

describe('fence text', () => {
  // What a fence can hold: any text whose lines are no fence of their own.
  const line = fc.string({ unit: 'grapheme-composite', maxLength: 30 })
    .map((text) => text.replace(/[\0-\x08\x0A-\x1F\x7F]/g, '').replaceAll('{{', '{ {'))
    .filter((text) => !/^\s*(?:```|~~~)/.test(text))
  const text = fc.array(line, { minLength: 1, maxLength: 8 }).map((lines) => `${lines.join('\n')}\n`).filter((all) => all.trim() !== '')

  test.each(['```', '~~~~'])('is what stands between %s, byte for byte', (marks) => {
    fc.assert(fc.property(text, (content) => {
      const { blocks } = sound(page(`${marks}bash step=one rollback="none: a test"\n${content}${marks}\n`))
      expect(blocks.map((block) => block.text)).toEqual([content])
    }))
  })
  test('a tab stays a tab, in a list too', () => {
    expect(sound(page('```bash check=one\n\tif true; then\n\t\ttrue\n\tfi\n```')).blocks[0]!.text).toBe('\tif true; then\n\t\ttrue\n\tfi\n')
    expect(sound(page('- item\n\n  ```bash check=one\n  a\n  \tb\n  ```')).blocks[0]!.text).toBe('a\n\tb\n')
  })
  test('shell text in a longer fence may show fences', () => {
    const text = "cat > page.md <<'EOF'\n```bash step=x\nEOF\n"
    expect(sound(page(`\`\`\`\`bash check=one\n${text}\`\`\`\`\n`)).blocks[0]!.text).toBe(text)
  })
})

describe('places', () => {
  test('columns count in lists and behind wide characters', () => {
    const { diagnostics } = parse(page('1. item\n\n   ```bash check=one\n   # 😀 é {{nope}}\n   ```\n'))
    expect(diagnostics.map(({ position, length }) => ({ ...position, length }))).toEqual([{ line: HEAD_LINES + 4, column: 11, length: 8 }])
  })
  test('several mistakes are told at once, in page order', () => {
    const { diagnostics } = parse(page('```bash check=One on=xx timeout=1y exit=999 eventually=0s stable=0 needs=, if=x\ntrue\n```\n\n```bash\n```\n'))
    expect(diagnostics.map(({ message }) => message)).toEqual([
      'bad "check" on check "One"', 'unknown host "xx" on check "One"', 'bad "timeout" on check "One"', 'bad "exit" on check "One"',
      'bad "eventually" on check "One"', 'bad "stable" on check "One"', 'bad "needs" on check "One"', 'bad "if" on check "One"',
      'unlabelled bash fence',
    ])
  })
})

test('names of JavaScript are words like any other', () => {
  const { diagnostics } = parse(page('```bash check=one constructor __proto__=x\necho {{constructor}} {{valueOf}}\n```\n', ['toString: 1', 'variables: { constructor: x }']))
  expect(diagnostics.map(({ message }) => message)).toEqual([
    'unknown key "toString" in the frontmatter', 'variable "constructor" is not declared as a map', 'unknown key "constructor" on check "one"',
    'fence line: word is neither a flag nor key=value',
  ])
})

test('no text makes the parser throw', () => {
  // Control characters end the reading before the parser sees the text.
  const printable = anyText.map((text) => text.replace(/[\0-\x08\x0B-\x1F\x7F]/g, ''))
  let parsed = 0
  const piece = fc.oneof(printable, fc.constantFrom('```', '~~~', '---\n', '\n', 'bash ', 'step=a', 'rollback="none: x"',
    ' output', ' constructor', ' toString=x', '{{constructor}}', '__proto__: ', '{{a}}', '{', '<', '>', '- ', '\t', 'title: x', 'variables:\n', ': ', '&x', '*x', '!!str ', '"', '\r\n', '| ', '# '))
  fc.assert(fc.property(fc.array(piece, { maxLength: 25 }), fc.boolean(), (pieces, framed) => {
    const source = framed ? page(pieces.join('')) : pieces.join('')
    const { runbook, diagnostics } = parse(source)
    expect(runbook === undefined).toBe(diagnostics.length > 0)
    if (!diagnostics.some(({ message }) => /^(?:control character|not valid MDX)/.test(message))) parsed++
    const lines = source.split('\n').length
    for (const { position } of diagnostics) {
      expect(position.line).toBeGreaterThan(0)
      expect(position.line).toBeLessThanOrEqual(lines)
      expect(position.column).toBeGreaterThan(0)
    }
  }), { numRuns: 1000 })
  expect(parsed).toBeGreaterThan(100)
})

test('every cut of a real page is read without a throw, and a cut inside a fence is told', () => {
  const whole = readFileSync(file, 'utf8')
  for (let length = 0; length < whole.length; length += 7) {
    const cut = whole.slice(0, length)
    const { runbook, diagnostics } = parse(cut)
    const fences = [...cut.matchAll(/^ *```/gm)].length
    if (fences % 2 === 1 && cut.endsWith('\n')) expect(runbook).toBeUndefined()
    expect(runbook === undefined).toBe(diagnostics.length > 0)
  }
})
