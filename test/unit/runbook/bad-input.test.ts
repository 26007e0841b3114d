import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { parseRunbook } from '../../../src/runbook/parse.ts'

const folder = new URL('../../fixtures/bad/', import.meta.url)
const KEYS = 'one of step, check, precheck, rollback, cleanup, drill, skip, output, file, mode, owner, apply, on, parallel, timeout, '
  + 'expect, exit, eventually, stable, backoff, needs, capture, background, ready, if, destructive, once, tags'

type Finding = readonly [line: number, column: number, length: number, message: string, received?: string, expected?: string]

/** Everything that is said of each fixture: place, underlined length, message, received, expected. */
const findings: Readonly<Record<string, readonly Finding[]>> = {
  'backoff-that-shrinks': [
    [7, 31, 14, 'bad "backoff" on check "x"',
      '"5s..1s"', 'one pause such as 1s, or the first and the longest such as 250ms..5s'],
  ],
  'bad-tags': [
    [7, 17, 9, 'bad "tags" on check "x"',
      '"a,,b"', 'names such as tags=network,slow'],
  ],
  'capture-in-cleanup': [
    [16, 6, 7, 'captured value "pod" in a cleanup, which runs whether or not check "x" on line 7 did',
      '{{pod}}', 'a cleanup that finds out by itself what is left'],
  ],
  'capture-of-a-file': [
    [7, 9, 5, '"apply" on check "x"',
      'a change on a block that only observes', 'apply=server-dry-run'],
    [7, 23, 16, '"capture" on check "x"',
      'a block that bash does not run', 'a bash block'],
  ],
  'capture-taken': [
    [7, 17, 15, 'capture of "ip" on check "x"',
      '"ip", an output matcher', 'a name of its own'],
    [15, 17, 16, 'capture of "pod" on check "z"',
      '"pod", captured by check "y" on line 11', 'a name of its own'],
  ],
  'capture-too-early': [
    [8, 6, 7, 'captured value "pod" is not known yet',
      '{{pod}}', 'a block below check "x" on line 11'],
  ],
  'capture-untyped': [
    [7, 17, 11, 'bad "capture" on check "x"',
      '"pod"', 'name:type such as capture=pod:name; types are ipv4, cidr, hostname, port, interface, name, version, int'],
  ],
  'capture-unused': [
    [7, 17, 16, 'captured value "pod" is never used',
      '"pod"', '{{pod}} in a block below'],
  ],
  'ready-on-no-port': [
    [8, 27, 18, '"ready" waits for the port of "vip", which is none',
      '{{vip}}', 'a variable of type port, not ipv4'],
  ],
  'ready-without-background': [
    [7, 16, 13, '"ready" without "background" on step "x"',
      'a block whose end is waited for', 'background beside it'],
  ],
  'background-check': [
    [7, 22, 10, '"background" does not belong on check "steady"',
      '"background" on a check block', '"background" on step or drill only'],
  ],
  'bad-fact': [
    [7, 21, 12, 'bad "if" on check "where"',
      '"os:debian"', 'fact:value such as if=cni:cilium; facts are cni, distro, target'],
  ],
  'bad-timeout': [
    [7, 20, 9, 'bad "timeout" on check "slow"',
      '"3"', 'a duration such as 500ms, 60s, 2m, 1h or 30d, at most 1d'],
  ],
  'check-on-lab': [
    [7, 21, 6, 'on=lab on check "where"',
      'a check block', 'a drill: only a fault may touch the machine that runs the lab'],
  ],
  'console-check': [
    [7, 12, 11, 'check "where" in a console fence',
      'language "console"', 'bash or sh, or file=PATH, or apply'],
  ],
  'crlf': [
    [11, 19, 6, 'unknown key "timeot" on check "two". Did you mean "timeout"?',
      '"timeot"', KEYS],
  ],
  'duplicate-step': [
    [11, 9, 12, 'duplicate name "install"',
      'step=install on line 11', 'a name that no other block has; line 7 has step=install'],
  ],
  'fence-swallows-another': [
    [7, 1, 17, 'unterminated fence',
      'another fence on line 12', 'a line ``` behind the text; a longer fence to show fences'],
  ],
  'frontmatter-syntax': [
    [2, 8, 1, 'the frontmatter is not valid YAML: Nested mappings are not allowed in compact mappings'],
    [2, 8, 1, 'the frontmatter is not valid YAML: Implicit keys need to be on a single line'],
    [3, 10, 1, 'the frontmatter is not valid YAML: Flow sequence in block collection must be sufficiently indented and end with a ]'],
  ],
  'frontmatter': [
    [1, 1, 3, 'the frontmatter lacks "description"',
      'no such key', 'description: a sentence'],
    [3, 1, 5, 'duplicate key "title" in the frontmatter',
      '"title" twice', 'each key once'],
    [4, 7, 5, 'bad "risk" in the frontmatter',
      '"risky"', 'read-only, reversible or outage'],
    [5, 1, 7, 'unknown key "topolgy" in the frontmatter. Did you mean "topology"?',
      '"topolgy"', 'one of title, description, variables, topology, cni, targets, risk, idempotent, duration, traffic, downtimeBudget, versions, claims, requires, verifiedFor'],
    [6, 11, 3, 'bad "versions" in the frontmatter',
      'a list', 'a map; each value a version such as 2.6'],
    [7, 14, 4, 'bad "verifiedFor" in the frontmatter',
      '"soon"', 'a duration such as 500ms, 60s, 2m, 1h or 30d'],
  ],
  'traffic': [
    [6, 10, 16, 'traffic is measured in a cluster',
      'topology: no-cluster', 'another topology, or no traffic'],
    [7, 29, 7, 'nobody measures "tcplong". Did you mean "tcp-long"?',
      '"tcplong"', 'a flow of the page\'s traffic: http, tcp-long'],
  ],
  'html-comment': [
    [7, 1, 1, 'not valid MDX: Unexpected character `!` (U+0021) before name, expected a character that can start a name, such as a letter, `$`, or `_` (note: to create a comment in MDX, use `{/* text */}`)'],
  ],
  'matcher-outside-output': [
    [8, 6, 7, 'output matcher {{any}} in a fence that is not output',
      '{{any}}', 'matchers in ```text output only'],
  ],
  'needs-cycle': [
    [7, 19, 9, 'needs form a cycle',
      'one -> two -> one', 'blocks above this one'],
  ],
  'needs-unknown': [
    [11, 21, 12, 'check "works" needs unknown "instal". Did you mean "install"?',
      '"instal"', 'one of install'],
  ],
  'no-frontmatter': [
    [1, 1, 1, 'page without frontmatter',
      'paragraph', 'a first line --- and YAML with title, description and risk'],
  ],
  'no-language': [
    [7, 1, 3, 'fence without a language',
      '```', '```text for something to read, or a labelled fence'],
  ],
  'output-pattern': [
    [12, 12, 7, '{{...}} beside other text',
      '{{/(one/}} {{...}} x', '{{...}} on a line of its own, or {{any}}'],
    [13, 1, 10, 'bad regular expression',
      '{{/(one/}}', 'Invalid regular expression: /(one/: Unterminated group'],
  ],
  'output-without-block': [
    [7, 1, 14, 'output without a block before it',
      'no block since the start or the last output', 'a block that runs right before it'],
  ],
  'read-only-that-changes': [
    [7, 9, 11, 'a read-only page changes something',
      'step "change"', 'risk: reversible or outage'],
  ],
  'rollback-needs-its-step': [
    [11, 26, 13, '"needs" does not belong on rollback "install"',
      '"needs" on a rollback block', '"needs" on step, check or drill only'],
  ],
  'rollback-of-unknown-step': [
    [11, 9, 15, 'rollback of unknown step "instal". Did you mean "install"?',
      '"instal"', 'one of install'],
  ],
  'shell-metacharacters': [
    [6, 32, 13, 'bad default of variable "name"',
      '"x; rm -rf /"', 'a name of lower-case letters, digits and hyphens such as node-1, at most 63 characters'],
  ],
  'skip-without-reason': [
    [7, 9, 4, 'bad "skip" on this skip fence',
      'no value', 'skip="the reason"'],
  ],
  'stable-without-eventually': [
    [7, 22, 8, '"stable" without "eventually" on check "steady"',
      'no time in which to succeed again', 'eventually=60s beside it'],
  ],
  'step-without-rollback': [
    [7, 9, 12, 'step "install" has no rollback',
      'no way back', 'a fence with rollback=install, or rollback="none: why" on the step'],
  ],
  'tabs': [
    [7, 19, 6, 'unknown key "timeot" on check "one". Did you mean "timeout"?',
      '"timeot"', KEYS],
  ],
  'undeclared-variable': [
    [11, 11, 7, 'undeclared variable "vpi". Did you mean "vip"?',
      '{{vpi}}', 'one of vip; {{ vpi }} with spaces stays as it is'],
  ],
  'unknown-host': [
    [7, 21, 5, 'unknown host "bl" on check "where". Did you mean "lb"?',
      '"bl"', 'lb, load-balancers, s1, s2, s3, client, servers, nodes, workstation or lab'],
  ],
  'unknown-key': [
    [7, 22, 6, 'unknown key "timeot" on step "install". Did you mean "timeout"?',
      '"timeot"', KEYS],
  ],
  'unlabelled-fence': [
    [7, 1, 7, 'unlabelled bash fence',
      '```bash', 'step=, check=, precheck=, drill=, rollback=, cleanup= with a name, or skip="reason"'],
    [11, 1, 7, 'unlabelled yaml fence',
      '```yaml', 'step=NAME with file=PATH or apply, rollback=STEP, or skip="reason"; ```text for something to read'],
    [15, 1, 10, 'unlabelled haproxy fence',
      '```haproxy', 'step=NAME with file=PATH or apply, rollback=STEP, or skip="reason"; ```text for something to read'],
  ],
  'unterminated-fence': [
    [9, 1, 19, 'unterminated fence',
      'the end of the page or of the list', 'a line ``` behind the text'],
  ],
  'unused-variable': [
    [6, 3, 3, 'variable "vip" is never used',
      '"vip"', '{{vip}} in a fence'],
  ],
  'variable-in-prose': [
    [7, 13, 7, '{{vip}} in prose',
      'an expression that MDX evaluates', '`{{vip}}` as code'],
  ],
  'variable-named-like-matcher': [
    [6, 3, 2, 'variable "ip" has the name of an output matcher',
      '"ip"', 'any name but any, age, ip, hash, int or mac'],
  ],
}

function findingsOf(source: string | Uint8Array): Finding[] {
  const { runbook, diagnostics } = parseRunbook(source, { id: 'bad', path: 'bad.mdx' })
  expect(runbook).toBeUndefined()
  return diagnostics.map(({ position: { line, column }, length = 1, message, received, expected }) =>
    received === undefined && expected === undefined ? [line, column, length, message] : [line, column, length, message, received!, expected!])
}

test('every fixture is in the table', () => {
  expect(readdirSync(folder).sort()).toEqual(Object.keys(findings).map((name) => `${name}.mdx`).sort())
})

describe('a bad page names the place, what was received and what was expected', () => {
  test.each(Object.keys(findings))('%s', (name) => {
    expect(findingsOf(readFileSync(new URL(`${name}.mdx`, folder)))).toEqual(findings[name])
  })
})

describe('pages that are not text', () => {
  test('5 MB are refused before they are parsed', () => {
    const started = performance.now()
    expect(findingsOf('x'.repeat(5 * 1024 * 1024))).toEqual([[1, 1, 1, 'page too large', '5.0 MiB', 'at most 1 MiB of MDX']])
    expect(performance.now() - started).toBeLessThan(3000)
  })
  test('a byte that is not UTF-8', () => {
    expect(findingsOf(Buffer.from([0x61, 0x0a, 0xff, 0x0a]))).toEqual([[2, 1, 1, 'page is not UTF-8', 'a byte that is not UTF-8', 'UTF-8 text']])
  })
  test.each([['\0', 'U+0000'], ['\r', 'U+000D'], ['\x1b', 'U+001B']])('control character %j', (char, name) => {
    expect(findingsOf(`a\nb${char}c\n`)).toEqual([[2, 2, 1, 'control character in the page', name, 'printable text, tabs and line ends']])
  })
  test('an empty page', () => {
    expect(findingsOf('')).toEqual([[1, 1, 1, 'page without frontmatter', 'an empty page',
      'a first line --- and YAML with title, description and risk']])
  })
})
