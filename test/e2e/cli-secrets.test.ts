/** A secret goes through a real run, printed in every form that programs know, and is found nowhere afterwards. */
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { book, fence, type Book } from './cli-book.ts'

const SECRET = 'Hq7/vB2+tZ9=xW4@mK1'
const TOKEN = 'variables:\n  token: { type: secret, label: The token }\n  word: { type: name, default: hello }\n'

const PRINT = `test {{token}} = "$(cat expected)"
echo {{word}} {{token}}
printf '%s' '{{token}}' | base64
printf 'admin:%s' '{{token}}' | base64 -w 8
printf '%s' '{{token}}' | od -An -tx1 | tr -d ' \\n'
printf '%q\\n' '{{token}}'
S='{{token}}' ${process.execPath} -e 'console.log(JSON.stringify(process.env.S), encodeURIComponent(process.env.S), new URLSearchParams({ s: process.env.S }).toString())'
head -c 8 expected; sleep 0.3; tail -c +9 expected; echo
env
set -x; : '{{token}}'`

const PAGE = fence('bash step=print rollback="none: prints"', PRINT)
  + fence('bash check=fails', 'echo "wrong password: {{token}}" >&2; exit 3')

/** What gives the secret away: itself, and what is left of it in other clothes. */
const TRACES = [
  SECRET, 'tZ9=xW4', encodeURIComponent(SECRET),
  Buffer.from(SECRET).toString('base64').slice(0, 20), Buffer.from(`admin:${SECRET}`).toString('base64').slice(12, 20), Buffer.from(SECRET).toString('hex'),
]
const tracesIn = (text: string): string[] => TRACES.filter(trace => text.includes(trace) || text.replaceAll('\n', '').includes(trace))

/** Every file that Proofbook has written, with what it holds. */
function written({ folder }: Book): [string, string][] {
  return ['.state', '.proofbook'].flatMap(root => readdirSync(join(folder, root), { recursive: true, encoding: 'utf8' })
    .map(name => join(folder, root, name)).filter(file => statSync(file).isFile()).map((file): [string, string] => [file, readFileSync(file, 'utf8')]))
}

const run = ['run', 'a/page', '--target', 'local', '--yes']

function secretBook(): Book {
  const one = book({ 'a/page': PAGE }, TOKEN)
  writeFileSync(join(one.folder, 'expected'), SECRET)
  return one
}

describe('a secret in the environment', () => {
  test('reaches the steps, and is in no file, on no terminal and in no report', async () => {
    const one = secretBook()
    const { exit, stdout, stderr } = await one.cli([...run, '--json'], { PROOFBOOK_SET_TOKEN: SECRET })
    expect(exit, 'the check fails, the step before it had the right secret').toBe(1)
    expect(JSON.parse(stdout)).toMatchObject({ result: { failure: { name: 'fails' } } })
    expect(stderr.match(/\[secret token\]/g)!.length).toBeGreaterThan(8)
    expect(stderr).toContain('hello [secret token]')
    const exported = (await Promise.all(['json', 'html', 'junit'].map(format => one.cli(['runs', 'export', 'last', '--format', format])))).map(end => end.stdout)
    const shown = (await one.cli(['show', 'a/page'], { PROOFBOOK_SET_TOKEN: SECRET })).stdout + (await one.cli([...run, '--dry-run'], { PROOFBOOK_SET_TOKEN: SECRET })).stdout
    for (const text of [stdout, stderr, shown, ...exported]) expect(tracesIn(text)).toEqual([])
    for (const [file, text] of written(one)) expect({ file, traces: tracesIn(text) }).toEqual({ file, traces: [] })
    expect(written(one).map(([file]) => file.split('/').at(-1))).toEqual(expect.arrayContaining(['journal.jsonl', 'result.json', 'index.html', '01-print.txt', '02-fails.txt']))
  })

  test('without the mask all of this would show', async () => {
    const undeclared = PAGE.replaceAll(`'{{token}}'`, '"$(cat expected)"').replaceAll('{{token}}', '$(cat expected)')
    const one = book({ 'a/page': undeclared }, TOKEN.replace(/ {2}token.*\n/, ''))
    writeFileSync(join(one.folder, 'expected'), SECRET)
    const { stderr } = await one.cli(run)
    expect(tracesIn(stderr)).toEqual(TRACES)
  })

  test('is asked for again when the run goes on', async () => {
    const one = secretBook()
    await one.cli(run, { PROOFBOOK_SET_TOKEN: SECRET })
    const without = await one.cli(['run', '--resume', 'last', '--yes'])
    expect(without).toMatchObject({ exit: 2, stderr: expect.stringContaining('secret token: received none, expected it in PROOFBOOK_SET_TOKEN') })
    const again = await one.cli(['run', '--resume', 'last', '--yes'], { PROOFBOOK_SET_TOKEN: SECRET })
    expect(again.exit).toBe(1)
    expect(tracesIn(again.stderr)).toEqual([])
  })
})

test('a secret in a file of its own', async () => {
  const one = secretBook()
  writeFileSync(join(one.folder, 'secret'), `${SECRET}\n`)
  const { stderr } = await one.cli(run, { PROOFBOOK_SET_TOKEN_FILE: 'secret' })
  expect(stderr).toContain('hello [secret token]')
})

test('a secret on the command line is refused, and a bad one is told by its length', async () => {
  const one = secretBook()
  const set = await one.cli([...run, '--set', `token=${SECRET}`])
  expect(set).toMatchObject({ exit: 2, stderr: expect.stringContaining('secret "token" on the command line') })
  const bad = await one.cli([...run, '--json'], { PROOFBOOK_SET_TOKEN: `${SECRET} $(id)` })
  expect(bad).toMatchObject({ exit: 2, stderr: expect.stringContaining(`received ${SECRET.length + 6} characters`) })
  for (const { stdout, stderr } of [set, bad]) expect(tracesIn(stdout + stderr)).toEqual([])
})

test('a secret typed at the question does not show on the terminal', async () => {
  const one = secretBook()
  const { stdout } = await one.onTerminal(['run', 'a/page', '--target', 'local'], ['\n', `${SECRET}\r`, '\n'])
  expect(stdout).toContain('The token (token, not shown): ')
  expect(stdout).toContain('hello [secret token]')
  expect(stdout).toContain("| echo hello {{token}}")
  expect(tracesIn(stdout)).toEqual([])
})
