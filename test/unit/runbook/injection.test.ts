/** Two hundred hostile values and more: refused by their type, or the one word that they are in bash, YAML and HAProxy. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { fill, validate } from '../../../src/runbook/variables.ts'
import { exampleOf, variableTypes } from '../../../src/runbook/validate.ts'
import { captureMismatch } from '../../../src/run/capture.ts'
import type { Outcome } from '../../../src/target/target.ts'

/** What does harm somewhere, and what it is put behind, before or in the middle of. */
const payloads = [
  '$(touch pwned)', '`touch pwned`', ';touch pwned', '|touch pwned', '&touch pwned', '&&touch pwned', '||touch pwned', '\ntouch pwned\n', '\r\ntouch pwned', '>pwned', '>>pwned',
  '<(touch pwned)', '${x:=$(touch pwned)}', '$((a[$(touch pwned)]))', '"; touch pwned; "', "'; touch pwned; '", '"$(touch pwned)"', "'$(touch pwned)'", '\\"; touch pwned', '\\\ntouch pwned',
  '$IFS', '${IFS}', '*', '?', '~', '~root', '[a-z]', '{a,b}', '{1..9}', '!!', '!touch', '#', ' #', '-', '--', '-rf', '--help', '-o ProxyCommand=touch', '=', 'a=b', 'PATH=/x',
  ': ', ':', ' :', '- ', '? ', '| ', '> ', '&a ', '*a', '!!python/object:x ', '!!binary ', '%YAML 1.1', '---\nkind: Secret', '...\n', '[a, b', '{a: b', 'a: b', '\n  b: c', 'a\n---\nb', '@x', '`x`', '"', "'",
  'null', '~', 'true', 'yes', 'no', 'on', 'off', 'y', '.inf', '.nan', '0x1f', '0o17', '1e3', '12:30:45', '2001-01-01', '=', '<<',
  '\n  acl pwned always_true', '\n    server pwned 10.0.0.1:1', ' backup', ' # ', ' maxconn 1', '\\ x', '%[env(HOME)]', '%{+Q}o', '"$HOME"', ' if TRUE', '\nglobal', '\n    external-check',
  '\0', '\x01', '\x1b[31m', '\x7f', '\u0085', '\u00a0', '\u2028', '\u2029', '\u200b', '\u202e', '\ufeff', '\ufffd', '\ud800', '\u{1f600}', 'é', 'а', '١', '％', '＄(touch pwned)', '；', '“', '\\x24(touch pwned)', '\\u0024', '%24%28', '&dollar;',
  '../../etc/passwd', '/etc/passwd', '//', 'file:///etc/passwd', 'a'.repeat(100_000), '{{vip}}', '{{ x }}', '{{/a/}}', '${{ x }}', '<script>', ']]>', '\t', '\v', '\f', ' ', '',
]
const seeds = ['192.168.0.45', '10.42.0.0/16', 'api.example.org', '6443', 'enp1s0', 's1', 'v1.36.4+k3s1', '3', 'Zm9vYmFyYmF6']
const hostile = [...new Set(payloads.flatMap((payload) => [payload, ...seeds.flatMap((seed) => [`${seed}${payload}`, `${payload}${seed}`, `${seed.slice(0, 2)}${payload}${seed.slice(2)}`])]))]

let folder: string
beforeAll(() => { folder = mkdtempSync(join(tmpdir(), 'proofbook-injection-')) })
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Values that some type takes, and is given to pages. */
function accepted(values: readonly string[]): string[] {
  return values.filter((value) => variableTypes.some((type) => validate(value, type, [value]) === undefined))
}

/** What bash makes of values in every place where a page puts one. */
function inBash(values: readonly string[]) {
  const script = values.map((value) => fill(
    'x={{v}}\nprintf \'%s\\n\' {{v}} "{{v}}" \'{{v}}\' a={{v}} "$x" "$(echo {{v}})" "${y:-{{v}}}"\ncase {{v}} in {{v}}) echo same;; *) echo other;; esac\n[[ {{v}} == {{v}} ]] && echo same\ncat <<EOF\n{{v}}\nEOF\n',
    { v: value })).join('')
  return spawnSync('bash', ['-eo', 'pipefail', '-O', 'nullglob', '-O', 'extglob'], { cwd: folder, input: script, encoding: 'utf8', maxBuffer: 1e9 })
}

test('there are more than two hundred of them', () => expect(hostile.length).toBeGreaterThan(200))

describe('what a type takes of them', () => {
  const values = accepted(hostile)
  test('is little, and nothing that a shell reads', () => {
    expect(values.length).toBeGreaterThan(5)
    expect(values.length).toBeLessThan(hostile.length / 4)
    for (const value of values) expect(value).toMatch(/^[A-Za-z0-9][A-Za-z0-9._@:+/,=-]*$/)
  })
  test('is one word in bash, wherever it stands', () => {
    const { stdout, stderr } = inBash(values)
    expect(stderr).toBe('')
    expect(stdout).toBe(values.map((v) => `${v}\n${v}\n${v}\na=${v}\n${v}\n${v}\n${v}\nsame\nsame\n${v}\n`).join(''))
    expect(readdirSync(folder)).toEqual([])
  })
  test('is one scalar in YAML, and adds no key and no document', () => {
    for (const value of values) {
      for (const version of ['1.1', '1.2'] as const) {
        const text = fill('a: {{v}}\nb: "{{v}}"\nc: [{{v}}, x]\nd: { e: {{v}} }\nf: |\n  {{v}}\ng:\n- {{v}}\n', { v: value })
        const documents = parseAllDocuments(text, { version })
        expect([value, documents.length, 'errors' in documents[0]! ? documents[0].errors : []]).toEqual([value, 1, []])
        const data = (documents as ReturnType<typeof parseAllDocuments> & { toJS(): Record<string, unknown> }[])[0]!.toJS() as Record<string, never>
        expect(Object.keys(data)).toEqual(['a', 'b', 'c', 'd', 'f', 'g'])
        expect([data.b, data.f, data.c!['length'], Object.keys(data.d!)]).toEqual([value, `${value}\n`, 2, ['e']])
        // A type that stands for a word stays one. Numbers may become numbers: that is what their types are.
        for (const read of [data.a, data.d!['e'], data.g![0], data.c![0]]) {
          expect(typeof read === 'object' && read !== null, `${value} as ${JSON.stringify(read)}`).toBe(false)
        }
      }
    }
  })
  test('is one word in an HAProxy configuration', () => {
    const configuration = values.filter((value) => value.length < 60).map((value, index) => fill(`backend b${index}\n    # {{v}}\n    http-request set-header X-Value {{v}}\n`, { v: value })).join('')
    expect(configuration.split('\n').filter((line) => /^(?:global|frontend|listen|\s+(?:server|acl|external-check))/.test(line))).toEqual([])
    if (!(process.env.PATH ?? '').split(delimiter).some((place) => existsSync(join(place, 'haproxy')))) return
    const file = join(folder, 'haproxy.cfg')
    writeFileSync(file, `defaults\n    mode http\n    timeout connect 1s\n    timeout client 1s\n    timeout server 1s\n${configuration}`)
    const { status, stderr } = spawnSync('haproxy', ['-c', '-f', file], { encoding: 'utf8' })
    rmSync(file)
    expect([status, stderr]).toEqual([0, ''])
  })
})

test('a value that a block prints is judged as one that a reader types', () => {
  for (const value of hostile) {
    // White space around it is the block's own: `echo` ends its line.
    const refused = validate(value.trim(), 'name') !== undefined
    const outcome = { stdout: value } as Outcome
    expect(captureMismatch({ name: 'x', type: 'name' }, outcome, undefined) !== undefined, JSON.stringify(value.slice(0, 80))).toBe(refused)
  }
})

test('any value at all: refused, or harmless to a real bash', () => {
  const kept: string[] = []
  const part = fc.oneof(fc.constantFrom(...payloads.filter((payload) => payload.length < 100)), fc.constantFrom(...seeds), fc.string({ unit: 'binary', maxLength: 4 }), fc.stringMatching(/^[A-Za-z0-9._@:+/=,-]{0,12}$/))
  fc.assert(fc.property(fc.array(part, { maxLength: 3 }), (parts) => {
    const value = parts.join('')
    if (accepted([value]).length > 0) kept.push(value)
  }), { numRuns: 5_000 })
  const values = [...new Set(kept)]
  expect(values.length).toBeGreaterThan(100)
  const { stdout, stderr } = inBash(values)
  expect(stderr).toBe('')
  expect(stdout.split('\n').length).toBe(values.length * 10 + 1)
  expect(readdirSync(folder)).toEqual([])
})

test('the trap works: pasted as they are, they run', () => {
  const { stdout } = inBash(['$(touch pwned)'])
  expect(readdirSync(folder)).toEqual(['pwned'])
  rmSync(join(folder, 'pwned'))
  expect(stdout).not.toContain('$(touch pwned)\n$(touch pwned)\n$(touch')
  for (const type of variableTypes) if (type !== 'enum') expect(validate(exampleOf(type), type)).toBeUndefined()
})
