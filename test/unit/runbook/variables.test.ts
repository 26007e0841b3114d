import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parse as parseYaml } from 'yaml'
import type { Variable } from '../../../src/runbook/model.ts'
import { valuesFromFile } from '../../../src/runbook/values-file.ts'
import { fill, resolveVariables, validate, valuesFromEnvironment, valuesFromSet, valuesFromTarget } from '../../../src/runbook/variables.ts'
import { anyText } from './page.ts'
import { variableTypes } from '../../../src/runbook/validate.ts'

describe('values by type', () => {
  const good = {
    ipv4: ['0.0.0.0', '192.168.0.45', '255.255.255.255'],
    cidr: ['10.42.0.0/16', '0.0.0.0/0', '192.168.0.45/32', '128.0.0.0/1'],
    hostname: ['lb', 'api.example.org', 'xn--bcher-kva.example', 'A-1.b2', 'a'.repeat(63)],
    port: ['1', '443', '65535'],
    interface: ['enp1s0', 'eth0.100', 'eth0:1', 'wg-home', 'br_lan', 'veth1@if2', 'exactly15chars1'],
    name: ['s1', 'a', 'node-1', 'a'.repeat(63)],
    version: ['1', '1.10', '1.19.7', 'v1.36.4+k3s1', '2.6.12-1+deb12u1', '3.0.0-rc.1'],
  } as const
  const bad = {
    ipv4: ['', '1.2.3', '1.2.3.4.5', '256.1.1.1', '01.2.3.4', '1.2.3.4 ', '1.2.3.4\n', '::1', '1.2.3.4/24', '0x7f.0.0.1'],
    cidr: ['10.42.0.0', '10.42.0.1/16', '10.42.0.0/33', '10.42.0.0/016', '10.42.0.0/', '10.42.0.0/-1', '::/0'],
    hostname: ['', '-a', 'a-', 'a..b', 'a.', '.a', 'a_b', '1.2.3.4', '10', 'a'.repeat(64), `${'a.'.repeat(127)}ab`, 'no', 'true', 'a b'],
    port: ['0', '65536', '080', '-1', '1.0', '1e3', ' 80', '80\n', '٣'],
    interface: ['', '-a', '.', '..', 'a/b', 'sixteen-chars-xx', 'eth0:', 'eth 0', 'eth0;', 'é', '12:30', 'null', '1e3'],
    name: ['', 'A', '-a', 'a-', 'a.b', 'a_b', 'a'.repeat(64), '123', '1e3', 'true', 'null', 'yes', 'off', 'y'],
    version: ['', 'latest', 'v', '1.', '.1', '1..2', '1 2', '1~2', '-1', '1-', 'v1.36.4+'],
  } as const
  for (const type of Object.keys(good) as (keyof typeof good)[]) {
    test.each(good[type])(`${type} %j`, (value) => expect(validate(value, type)).toBeUndefined())
    test.each(bad[type])(`no ${type} %j`, (value) => expect(validate(value, type)).toMatch(/^(?:an?|the) /))
  }
  test('enum', () => {
    expect(validate('plain', 'enum', ['plain', 'loud'])).toBeUndefined()
    expect(validate('shrill', 'enum', ['plain', 'loud'])).toBe('one of plain, loud')
    expect(validate('$(id)', 'enum', ['$(id)'])).toBeDefined()
  })
})

describe('no accepted value does anything where it lands', () => {
  let folder: string
  beforeAll(() => { folder = mkdtempSync(join(tmpdir(), 'proofbook-variables-')) })
  afterAll(() => rmSync(folder, { recursive: true }))

  /** Strings near to valid values: a valid value with something put into it, or pieces of shell. */
  const fragment = fc.constantFrom('$(touch pwned)', '`touch pwned`', ';touch pwned', '&touch pwned', '|', '\n', '>', '<', '*', '?', '~', '!', '#', '\\',
    '\'', '"', ' ', '\t', '{a,b}', '$IFS', '${x}', '=', '-', '--help', '/', ':', '@', '.', '..', 'true', '[a]', '%s', '\0', '\u2028', '%n', ', ', ': ', '0', 'a')
  const seed = fc.constantFrom('192.168.0.45', '10.42.0.0/16', 'api.example.org', '6443', 'enp1s0', 's1', 'v1.36.4+k3s1', 'plain')
  const near = fc.tuple(seed, fragment, fc.nat(12)).map(([value, piece, at]) => value.slice(0, at) + piece + value.slice(at))
  const arbitrary = fc.oneof(seed, near, fc.array(fragment, { maxLength: 4 }).map((parts) => parts.join('')), fc.string({ maxLength: 20 }),
    fc.stringMatching(/^[A-Za-z0-9._@:+-]{1,16}$/))

  test('bash, YAML, ini and HAProxy take it as the one word that it is', () => {
    const accepted = new Set<string>()
    fc.assert(fc.property(arbitrary, fc.constantFrom(...variableTypes), (value, type) => {
      // An author may list anything in an enum: the reader's value is checked against the same alphabet.
      if (validate(value, type, [value]) === undefined) accepted.add(value)
    }), { numRuns: 20_000 })
    expect(accepted.size).toBeGreaterThan(100)

    const values = [...accepted]
    // One bash for all, each value pasted in the ways that pages paste: bare, in double quotes, in a word, as an argument.
    const script = values.map((value) => `printf '%s\\n' ${value} "${value}" x=${value} '${value}'\n`).join('')
    const run = spawnSync('bash', ['-eo', 'pipefail', '-O', 'nullglob', '-O', 'extglob'], { cwd: folder, input: script, encoding: 'utf8' })
    expect(run.stderr).toBe('')
    expect(run.stdout).toBe(values.map((value) => `${value}\n${value}\nx=${value}\n${value}\n`).join(''))
    expect(readdirSync(folder)).toEqual([])

    for (const value of values) {
      const document = parseYaml(`key: ${value}\nlist: [${value}, "${value}"]\n`) as { key: unknown, list: unknown[] }
      expect(Object.keys(document)).toEqual(['key', 'list'])
      expect(document.list[1]).toBe(value)
      expect(typeof document.key).not.toBe('object')
      expect(value).toMatch(/^[A-Za-z0-9][A-Za-z0-9._@:+/=-]*$/)
    }
  })
  test('the trap works: a value that is refused would have run', () => {
    expect(validate('s1;touch pwned', 'name')).toBeDefined()
    spawnSync('bash', ['-c', 'printf %s s1;touch pwned'], { cwd: folder })
    expect(readdirSync(folder)).toEqual(['pwned'])
    rmSync(join(folder, 'pwned'))
  })
})

describe('fill', () => {
  test('replaces declared names only, byte for byte', () => {
    expect(fill('{{vip}} {{ vip }} {{.vip}} {{nope}} {{{vip}}} {vip} {{Vip}}\r\n', { vip: '1.2.3.4' }))
      .toBe('1.2.3.4 {{ vip }} {{.vip}} {{nope}} {1.2.3.4} {vip} {{Vip}}\r\n')
    expect(fill('{{constructor}} {{a}}', { a: '$&' })).toBe('{{constructor}} $&')
  })
  test('text without a declared name stays as it is', () => {
    fc.assert(fc.property(anyText, (text) => {
      const plain = text.replaceAll('{{a}}', '')
      expect(fill(plain, { a: 'x' })).toBe(plain)
    }))
  })
})

describe('where values come from', () => {
  const at = { position: { line: 1, column: 1 } }
  const declared: Variable[] = [
    { name: 'vip', type: 'ipv4', label: 'Virtual IP', default: '192.168.0.45', ...at },
    { name: 'api-port', type: 'port', label: 'Port', default: '6443', ...at },
    { name: 'nic', type: 'interface', label: 'NIC', default: 'enp1s0', ...at },
    { name: 'node', type: 'name', label: 'Node', default: 's1', ...at },
    { name: 'mode', type: 'enum', label: 'Mode', default: 'plain', values: ['plain', 'loud'], ...at },
  ]
  test('--set beats the environment beats the file beats the target beats the default', () => {
    const { values, origins, problems } = resolveVariables(declared, [
      valuesFromSet(['vip=10.0.0.2', 'vip=10.0.0.1']).source,
      valuesFromEnvironment({ PROOFBOOK_SET_VIP: '10.0.0.3', PROOFBOOK_SET_API_PORT: '1', PROOFBOOK_SET_OTHER: 'x' }, declared),
      valuesFromFile('vip: 10.0.0.4\napi-port: 2\nnic: a\n', 'home.yaml').source,
      valuesFromTarget('kind', { vip: '10.0.0.5', 'api-port': '3', nic: 'b', node: 's9', unknown: 'x' }),
    ])
    expect(problems).toEqual([])
    expect(values).toEqual({ vip: '10.0.0.1', 'api-port': '1', nic: 'a', node: 's9', mode: 'plain' })
    expect(origins).toEqual({ vip: '--set vip', 'api-port': 'PROOFBOOK_SET_API_PORT', nic: 'home.yaml:3', node: 'target kind', mode: 'default' })
  })
  test('a bad value names its source, what was received and what was expected', () => {
    const file = valuesFromFile('api-port: 70000\nnode: [a]\nvipp: 1.2.3.4\n', 'home.yaml')
    const set = valuesFromSet(['vip=$(id)', 'mode'])
    const { problems } = resolveVariables(declared, [set.source, valuesFromEnvironment({ PROOFBOOK_SET_NIC: 'a b' }, declared), file.source])
    expect([...set.problems, ...file.problems, ...problems]).toEqual([
      { source: '--set', message: 'bad --set', received: '"mode"', expected: 'name=value' },
      { source: 'home.yaml:2', message: 'bad value of variable "node"', received: 'nothing, a list or a map', expected: 'one value' },
      { source: '--set vip', message: 'bad value of variable "vip"', received: '"$(id)"', expected: 'an IPv4 address such as 192.168.0.45' },
      { source: 'PROOFBOOK_SET_NIC', message: 'bad value of variable "nic"', received: '"a b"', expected: 'the name of a network interface such as enp1s0, at most 15 characters' },
      { source: 'home.yaml:3', message: 'unknown variable "vipp". Did you mean "vip"?', received: '"vipp"', expected: 'vip, api-port, nic, node or mode' },
      { source: 'home.yaml:1', message: 'bad value of variable "api-port"', received: '"70000"', expected: 'a port, 1 to 65535' },
    ])
  })
  test('a values file that is no map', () => {
    expect(valuesFromFile('- a\n', 'v.yaml').problems).toHaveLength(1)
    expect(valuesFromFile('a: [\n', 'v.yaml').problems[0]).toMatchObject({ source: 'v.yaml:2', message: 'not valid YAML' })
    expect(valuesFromFile('', 'v.yaml')).toMatchObject({ problems: [], source: { values: {} } })
  })
  test('a number keeps its digits', () => {
    expect(valuesFromFile('release: 1.10\n', 'v.yaml').source.values).toEqual({ release: '1.10' })
  })
})
