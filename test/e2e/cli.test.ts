import { existsSync, mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { writeResult } from '../../src/report/store.ts'
import { sampleResult } from '../unit/report/sample.ts'
import { book, fence } from './cli-book.ts'
import { proofbook, root } from './proofbook.ts'

const WORD = 'variables:\n  word: { type: name, default: hello, label: A word }\n'
const GOOD = fence('bash step=greet on=lb', 'echo {{word}} > greeting') + fence('bash rollback=greet on=lb', 'rm greeting')
  + fence('bash check=greeted on=lb', 'cat greeting') + fence('text output', '{{word}}')
const BAD = fence('bash step=breaks rollback="none: fails"', 'echo before; echo trouble >&2; exit 4') + fence('bash check=never', 'touch never')

const onLocal = ['--target', 'local', '--yes']

describe('help', () => {
  test.each(['list', 'show', 'check', 'extract', 'run', 'verify', 'lab', 'lab up', 'lab status', 'lab down', 'lab power', 'doctor', 'setup', 'runs', 'runs list', 'runs show', 'runs diff', 'runs export', 'rollback'])(
    '%s has one, with an example', async name => {
      const { exit, stdout } = await proofbook([...name.split(' '), '--help'])
      expect(exit).toBe(0)
      expect(stdout).toContain(`Usage: proofbook ${name}`)
      expect(stdout).toMatch(new RegExp(`Examples?:\\n  proofbook ${name}`))
      if (name !== 'lab' && name !== 'runs') expect(stdout).toContain('--json')
    })

  test.each([
    [['rum'], 'Did you mean run?'],
    [['run', 'x', '--yess'], 'Did you mean --yes?'],
    [['show'], 'missing required argument'],
    [['lab', 'power', 'explode', 's1'], 'Allowed choices are cut, off, on'],
    [['--nonsense'], 'unknown option'],
  ])('a mistyped command line, %j, is exit 2', async (args, message) => {
    const { exit, stdout, stderr } = await proofbook(args)
    expect(exit).toBe(2)
    expect(stdout).toBe('')
    expect(stderr).toContain(message)
  })
})

describe('list, show and extract', () => {
  test('list --json prints one document with its schema, and nothing else', async () => {
    const { exit, stdout, stderr } = await book({ 'a/good': GOOD, 'a/broken': '```bash\nx\n```' }, WORD).cli(['list', '--json'])
    expect(exit).toBe(0)
    expect(stderr).toBe('')
    expect(JSON.parse(stdout)).toMatchObject({ schema: 1, command: 'list', runbooks: [
      { id: 'a/broken', errors: expect.any(Number), targets: [] },
      { id: 'a/good', path: 'runbooks/a/good.mdx', errors: 0, targets: [{ target: 'kind', word: 'not run' }] },
    ] })
  })

  test('list tells the age and the source of what was proven', async () => {
    const { folder, cli } = book({ 'a/good': GOOD }, WORD)
    const { createHash } = await import('node:crypto')
    const sha256 = createHash('sha256').update(readFileSync(join(folder, 'runbooks/a/good.mdx'))).digest('hex')
    mkdirSync(join(folder, '.proofbook/results'), { recursive: true })
    const file = join(folder, '.proofbook/results/a-good.kind.json')
    const write = async (sha: string): Promise<void> => {
      const now = new Date().toISOString()
      await writeResult(file, sampleResult({ runbook: 'a/good', source: { path: 'runbooks/a/good.mdx', sha256: sha }, startedAt: now, finishedAt: now }))
    }
    await write(sha256)
    expect((await cli(['list'])).stdout).toContain('kind: verified')
    await write('0'.repeat(64))
    expect((await cli(['list'])).stdout).toContain('kind: stale')
    writeFileSync(file, readFileSync(file, 'utf8').replace('"0000', '"1111'))
    const { stdout, stderr } = await cli(['list'])
    expect(stdout).toContain('kind: not run')
    expect(stderr).toContain('a-good.kind.json: its digest is not that of what it says')
  })

  test('show prints every command with its values and host', async () => {
    const { cli } = book({ 'a/good': GOOD }, WORD)
    const { stdout } = await cli(['show', 'a/good', '--set', 'word=moin'])
    expect(stdout).toContain('step greet · on lb')
    expect(stdout).toContain('| echo moin > greeting')
    const json = JSON.parse((await cli(['show', 'a/good', '--json', '--step', 'greet'])).stdout)
    expect(json).toMatchObject({ schema: 1, command: 'show', values: { word: 'hello' } })
    expect(json.blocks.map((block: { kind: string, text: string }) => `${block.kind}: ${block.text}`)).toEqual([
      'step: echo hello > greeting\n', 'rollback: rm greeting\n', 'check: cat greeting\n',
    ])
  })

  test('an unknown step and an unknown runbook name the nearest and exit 2', async () => {
    const { cli } = book({ 'a/good': GOOD }, WORD)
    expect(await cli(['show', 'a/good', '--step', 'great'])).toMatchObject({ exit: 2, stdout: '', stderr: expect.stringContaining('Did you mean "greet"?') })
    expect(await cli(['show', 'a/god'])).toMatchObject({ exit: 2, stdout: '', stderr: expect.stringContaining('a/good') })
  })

  test('an extracted script runs by itself, through the same command', async () => {
    const { folder, cli } = book({ 'a/good': GOOD }, WORD)
    expect((await cli(['extract', 'a/good', '-o', 'good.mjs'])).exit).toBe(0)
    expect((await cli(['extract', 'a/good'])).stdout).toBe(readFileSync(join(folder, 'good.mjs'), 'utf8'))
    mkdirSync(join(folder, 'node_modules'))
    symlinkSync(root, join(folder, 'node_modules/proofbook'))
    execFileSync(process.execPath, [join(folder, 'good.mjs'), ...onLocal, '--set', 'word=alone'],
      { cwd: folder, stdio: 'pipe', env: { ...process.env, XDG_STATE_HOME: join(folder, '.state') } })
    expect(readFileSync(join(folder, 'greeting'), 'utf8')).toBe('alone\n')
  })

  test.each(['node', 'zx'])('a script started by %s lists its blocks, shows what it would run, and runs one step with its checks', async starter => {
    const { folder, cli } = book({ 'a/two': `${GOOD}\n${fence('bash step=other rollback="none: test"', 'touch other')}` }, WORD)
    await cli(['extract', 'a/two', '-o', 'two.mjs'])
    mkdirSync(join(folder, 'node_modules'))
    symlinkSync(root, join(folder, 'node_modules/proofbook'))
    const command = starter === 'node' ? [join(folder, 'two.mjs')] : [join(root, 'node_modules/zx/build/cli.js'), join(folder, 'two.mjs')]
    const script = (...args: string[]): string => execFileSync(process.execPath, [...command, ...args],
      { cwd: folder, stdio: 'pipe', encoding: 'utf8', env: { ...process.env, XDG_STATE_HOME: join(folder, '.state') } })
    expect(script('--list')).toBe('step greet lb\ncheck greeted lb\nstep other workstation\n')
    expect(script('--dry-run', '--step', 'greet', '--set', 'word=dry')).toMatch(/step greet[^]*echo dry > greeting[^]*check greeted(?![^]*step other)/)
    expect(existsSync(join(folder, 'greeting'))).toBe(false)
    expect(script('--step', 'greet', ...onLocal)).toContain('done a/two on local')
    expect(readdirSync(folder)).toContain('greeting')
    expect(readdirSync(folder)).not.toContain('other')
  })
})

describe('check', () => {
  const fixtures = readdirSync(join(root, 'test/fixtures/bad')).filter(name => name.endsWith('.mdx'))

  test('the book has no errors', async () => {
    const { exit, stdout } = await proofbook(['check'])
    expect(stdout).toMatch(/^no errors in \d+ runbooks?\.$/m)
    expect(exit).toBe(0)
  })

  test.concurrent.each(fixtures)('%s is exit 2, with its place', async name => {
    const { exit, stdout } = await proofbook(['check', join('test/fixtures/bad', name)])
    expect(exit).toBe(2)
    expect(stdout).toMatch(new RegExp(`test/fixtures/bad/${name}:\\d+:\\d+ `))
    const json = JSON.parse((await proofbook(['check', '--json', join('test/fixtures/bad', name)])).stdout)
    expect(json).toMatchObject({ schema: 1, command: 'check', runbooks: 1 })
    expect(json.diagnostics.length).toBeGreaterThan(0)
  })

  test('a file that is not there is exit 2', async () => {
    expect(await proofbook(['check', 'nowhere.mdx'])).toMatchObject({ exit: 2, stderr: expect.stringContaining('nowhere.mdx') })
  })
})

describe('run', () => {
  test('runs every step, keeps what it did and writes its journal', async () => {
    const { folder, runs, cli } = book({ 'a/good': GOOD }, WORD)
    const { exit, stdout, stderr } = await cli(['run', 'a/good', ...onLocal])
    expect(exit).toBe(0)
    expect(readFileSync(join(folder, 'greeting'), 'utf8')).toBe('hello\n')
    expect(stdout).toMatch(/^done a\/good on local   run: \d{8}-\d{6}-a-good\n$/)
    expect(stderr).toMatch(/1 ok {3}greet +local +\d/)
    const [run = ''] = readdirSync(runs)
    expect(readdirSync(join(runs, run)).toSorted()).toEqual(['index.html', 'journal.jsonl', 'result.json', 'runbook.mjs', 'transcripts'])
  })

  test('a failing step is exit 1, with host, step, exit code, place and last lines, and stops the run', async () => {
    const { folder, cli } = book({ 'a/bad': BAD })
    const { exit, stderr } = await cli(['run', 'a/bad', ...onLocal])
    expect(exit).toBe(1)
    expect(stderr).toMatch(/FAIL step breaks {2}local {3}exit 4/)
    expect(stderr).toMatch(/\| trouble/)
    expect(stderr).toContain('at        runbooks/a/bad.mdx:7')
    expect(existsSync(join(folder, 'never'))).toBe(false)
  })

  test('--json: one document on standard output, progress on standard error', async () => {
    const { cli } = book({ 'a/bad': BAD })
    const { exit, stdout, stderr } = await cli(['run', 'a/bad', ...onLocal, '--json'])
    expect(exit).toBe(1)
    expect(JSON.parse(stdout)).toMatchObject({ schema: 1, command: 'run', ok: false, result: { verdict: 'failed', failure: { name: 'breaks' } } })
    expect(stderr).toContain('FAIL')
  })

  test('values: --set wins over the environment, that over a file, that over the page', async () => {
    const { folder, cli } = book({ 'a/good': GOOD }, WORD)
    const shown = async (args: string[], env?: Record<string, string>): Promise<string> => JSON.parse((await cli(['show', 'a/good', '--json', ...args], env)).stdout).values.word
    writeFileSync(join(folder, 'values.yaml'), 'word: file\n')
    const fromFile = ['--values', 'values.yaml']
    const env = { PROOFBOOK_SET_WORD: 'env' }
    expect(await shown([])).toBe('hello')
    expect(await shown(fromFile)).toBe('file')
    expect(await shown(fromFile, env)).toBe('env')
    expect(await shown([...fromFile, '--set', 'word=set'], env)).toBe('set')
  })

  test('--dry-run prints the chosen part and runs nothing', async () => {
    const { runs, cli } = book({ 'a/good': GOOD }, WORD)
    const { exit, stdout } = await cli(['run', 'a/good', '--dry-run', '--only', 'greeted', '--set', 'word=x'])
    expect(exit).toBe(0)
    expect(stdout).toContain('check greeted')
    expect(stdout).not.toContain('step greet')
    expect(existsSync(runs)).toBe(false)
  })
})

describe('bad input starts nothing', () => {
  test.each([
    ['a value with shell metacharacters', ['run', 'a/good', ...onLocal, '--set', 'word=$(touch pwned)'], '--set word'],
    ['a value with a newline', ['run', 'a/good', ...onLocal, '--set', 'word=a\nb'], '--set word'],
    ['an unknown variable', ['run', 'a/good', ...onLocal, '--set', 'wrod=a'], 'Did you mean "word"?'],
    ['a --set without a value', ['run', 'a/good', ...onLocal, '--set', 'word'], 'name=value'],
    ['a values file that is not there', ['run', 'a/good', ...onLocal, '--values', 'no.yaml'], 'no.yaml'],
    ['an unknown runbook', ['run', 'a/goood', ...onLocal], '"a/good"'],
    ['a page with an error', ['run', 'a/broken', ...onLocal], 'runbooks/a/broken.mdx:9:1'],
    ['bash that cannot be read', ['run', 'a/syntax', ...onLocal], 'bash cannot read step "x"'],
    ['an unknown step', ['run', 'a/good', ...onLocal, '--from', 'gret'], 'Did you mean "greet"?'],
    ['an unknown target', ['run', 'a/good', '--target', 'loca', '--yes'], 'Did you mean "local"?'],
    ['hosts without an inventory', ['run', 'a/good', '--yes'], '--inventory FILE'],
    ['no terminal and no --yes', ['run', 'a/good', '--target', 'local'], '--yes'],
    ['a script that is none', ['run', 'none.mjs', ...onLocal], 'none.mjs'],
    ['verify on an unknown target', ['verify', 'a/good', '--on', 'k4d'], 'received --on k4d, expected kind'],
    ['verify from an unknown step', ['verify', 'a/good', '--from', 'gret'], 'Did you mean "greet"?'],
    ['verify --record of another topology', ['verify', 'a/good', '--record', '--agents', '4'], 'received --record and --agents'],
    ['verify --agents of one', ['verify', 'a/good', '--agents', '1'], 'expected 2 to 9'],
    ['verify --record outside of a book', ['verify', 'a/good', '--record'], 'src/content'],
  ])('%s', async (_, args, message) => {
    const { folder, runs, cli } = book({
      'a/good': GOOD,
      'a/broken': '```bash\nx\n```',
      'a/syntax': fence('bash step=x rollback="none: no"', 'if true; echo {{word}}'),
    }, WORD)
    const { exit, stdout, stderr } = await cli(args)
    expect(stderr).toContain(message)
    expect({ exit, stdout }).toEqual({ exit: 2, stdout: '' })
    expect(existsSync(runs)).toBe(false)
    expect(existsSync(join(folder, 'pwned'))).toBe(false)
  })

  test('with --json the error is the document', async () => {
    const { exit, stdout } = await book({ 'a/good': GOOD }, WORD).cli(['run', 'a/good', ...onLocal, '--json', '--set', 'word=$x'])
    expect(exit).toBe(2)
    expect(JSON.parse(stdout)).toMatchObject({ schema: 1, error: { exitCode: 2, message: expect.stringContaining('$x') } })
  })
})

describe('the script of a page that passed is kept', () => {
  test('an unchanged page runs from it; any change of the page is seen', async () => {
    const { folder, cli } = book({ 'a/good': GOOD }, WORD)
    const page = join(folder, 'runbooks/a/good.mdx')
    const kept = (): string[] => readdirSync(join(folder, '.proofbook/checked/a-good'))
    expect((await cli(['run', 'a/good', ...onLocal])).exit).toBe(0)
    const [first] = kept()
    expect((await cli(['run', 'a/good', ...onLocal])).exit).toBe(0)
    expect(kept()).toEqual([first])

    writeFileSync(page, readFileSync(page, 'utf8').replace('cat greeting', 'cat greeting; exit 5'))
    expect((await cli(['run', 'a/good', ...onLocal])).exit).toBe(1)
    expect(kept()).toHaveLength(1)
    expect(kept()).not.toEqual([first])

    writeFileSync(page, readFileSync(page, 'utf8').replace('exit 5', 'if'))
    expect(await cli(['run', 'a/good', ...onLocal])).toMatchObject({ exit: 2, stderr: expect.stringContaining('bash cannot read') })
  })
})
