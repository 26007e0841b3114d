/** What is published to npm, and that it works where there is nothing else. */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { emptyFolder, install, nodeOf, pack, read, root, run, type Packed } from './packed.ts'

const minutes = 60_000
const made = emptyFolder()
const home = join(made.folder, 'home')
let packed: Packed
let tookMs: number

beforeAll(() => {
  packed = pack(made.folder)
  mkdirSync(home)
  tookMs = install(home, packed.tarball)
}, 3 * minutes)
afterAll(made.done)

describe('contents', () => {
  test('every compiled file has its source here, and every source of the command line is there', () => {
    const compiled = packed.files.filter(file => file.endsWith('.js')).map(file => file.slice('dist/'.length, -'.js'.length))
    expect(compiled.filter(name => !existsSync(join(root, 'src', `${name}.ts`)))).toEqual([])
    const sources = tracked('src').filter(file => file.endsWith('.ts') && !/^src\/(?:content|pages|components|site)\b|^src\/content\.config/.test(file))
    expect(sources.map(file => file.slice('src/'.length, -'.ts'.length)).filter(name => !compiled.includes(name))).toEqual([])
  })
  test('the whole book, its results and all that labs are made from', () => {
    const wanted = ['runbooks', 'src/lab/assets', 'src/lab/workloads/*.yaml', 'src/content/results/*.json', 'README.md', 'LICENSE', 'package.json'].flatMap(tracked)
    expect(wanted.length).toBeGreaterThan(40)
    expect(wanted.filter(file => !packed.files.includes(file))).toEqual([])
  })
  test('nothing else: no test, no source map, nothing of the site', () => {
    const known = /^(?:dist\/.*\.(?:js|d\.ts)|runbooks\/.*\.mdx|src\/lab\/assets\/.*|src\/lab\/workloads\/.*\.yaml|src\/content\/results\/.*\.json|README\.md|LICENSE|package\.json)$/
    expect(packed.files.filter(file => !known.test(file) || /\.test\.|\.map$|^dist\/site/.test(file))).toEqual([])
    const mapped = packed.files.filter(file => file.endsWith('.js') && readFileSync(join(root, file), 'utf8').includes('sourceMappingURL'))
    expect(mapped).toEqual([])
  })
  test('under a megabyte, with few dependencies, installed in seconds', () => {
    const installed = readdirSync(join(home, 'node_modules'), { recursive: true, encoding: 'utf8' }).filter(file => /(?:^|node_modules\/)(?:@[^/]+\/)?[^/]+\/package\.json$/.test(file))
    console.log(`package ${Math.round(packed.size / 1024)} KiB, ${packed.files.length} files; installed with ${installed.length} packages in ${(tookMs / 1000).toFixed(1)} s`)
    expect(packed.size).toBeLessThan(1024 ** 2)
    expect(Object.keys(manifest().dependencies).length).toBeLessThanOrEqual(4)
    expect(installed.length).toBeLessThanOrEqual(12)
    expect(tookMs).toBeLessThan(60_000)
  })
  test('runs no script when it is installed', () => {
    expect(Object.keys(manifest().scripts).filter(name => /^(?:pre|post)?install$/.test(name))).toEqual([])
  })
  test('publint has nothing to say', async () => {
    const bytes = readFileSync(packed.tarball)
    const { messages, pkg } = await publint({ strict: true, pack: { tarball: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) } })
    expect(messages.map(message => formatMessage(message, pkg!))).toEqual([])
  })
  test('publint would have: a file that is not in the package', async () => {
    const files = [{ name: 'package/package.json', data: new TextEncoder().encode(JSON.stringify({ ...manifest(), bin: { proofbook: 'dist/none.js' } })) }]
    const { messages } = await publint({ pkgDir: 'package', pack: { files } })
    expect(messages.map(({ code }) => code)).toContain('FILE_DOES_NOT_EXIST')
  })
})

describe.each([24, 22])('in an empty folder, on Node %i', major => {
  const folder = join(made.folder, `empty-${major}`)
  let node: string
  const cli = (...args: string[]) => run(node, [join(home, 'node_modules/proofbook/dist/cli/main.js'), ...args], folder)

  beforeAll(() => {
    node = nodeOf(major)
    mkdirSync(folder)
  }, 3 * minutes)

  test('is that Node', async () => {
    expect((await run(node, ['--version'], folder)).stdout).toMatch(new RegExp(`^v${major}\\.`))
  })
  test('list tells the book and what was proven of it', async () => {
    const { exit, stdout, stderr } = await cli('list', '--json')
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' })
    const { runbooks } = JSON.parse(stdout) as { runbooks: { id: string, errors: number, targets: { finishedAt?: string }[] }[] }
    expect(runbooks.map(({ id }) => id)).toEqual(tracked('runbooks').map(file => file.slice('runbooks/'.length, -'.mdx'.length)))
    expect(runbooks.filter(({ errors }) => errors > 0)).toEqual([])
    expect(runbooks.flatMap(({ targets }) => targets).some(({ finishedAt }) => finishedAt !== undefined)).toBe(true)
    expect(existsSync(join(folder, '.proofbook'))).toBe(false)
  })
  test('show, check, schema, and what would be verified', async () => {
    expect(await cli('show', 'haproxy/virtual-ip')).toMatchObject({ exit: 0, stdout: expect.stringContaining('192.168.0.') })
    expect(await cli('check')).toMatchObject({ exit: 0, stdout: expect.stringMatching(/^no errors in \d+ runbooks\.\n$/) })
    expect(await cli('schema')).toMatchObject({ exit: 0 })
    expect(await cli('verify', '--list')).toMatchObject({ exit: 0, stdout: expect.stringContaining('haproxy/virtual-ip on kind') })
  })
  test('extract gives a script that runs beside the package', async () => {
    const script = join(home, `virtual-ip-${major}.mjs`)
    expect(await cli('extract', 'haproxy/virtual-ip', '-o', script)).toMatchObject({ exit: 0 })
    expect(await run(node, [script, '--list'], home)).toMatchObject({ exit: 0, stdout: expect.stringMatching(/^step\s/m) })
    expect(await run(node, [script, '--dry-run', '--set', 'lb=10.9.8.7'], home)).toMatchObject({ exit: 0, stdout: expect.stringContaining('10.9.8.7') })
  })
  test('new, check and run of a page of one\'s own', async () => {
    const own = join(folder, 'own')
    mkdirSync(join(own, 'runbooks/a'), { recursive: true })
    writeFileSync(join(own, 'runbooks/a/greet.md'), '---\ntitle: Greet\ndescription: D.\nrisk: reversible\n---\n\n'
      + '```bash step=greet\necho hello > greeting\n```\n```bash rollback=greet\nrm greeting\n```\n```bash check=greeted\ncat greeting\n```\n```text output\nhello\n```\n')
    const here = (...args: string[]) => run(node, [join(home, 'node_modules/proofbook/dist/cli/main.js'), ...args], own)
    expect(await here('check')).toMatchObject({ exit: 0, stdout: 'no errors in 1 runbook.\n' })
    expect(await here('run', 'a/greet', '--target', 'local', '--yes')).toMatchObject({ exit: 0 })
    expect(read(own, 'greeting')).toBe('hello\n')
    expect(await here('rollback', (JSON.parse((await here('runs', 'list', '--json')).stdout) as { runs: { run: string }[] }).runs[0]!.run, '--yes')).toMatchObject({ exit: 0 })
    expect(existsSync(join(own, 'greeting'))).toBe(false)
  })
  test('doctor says what labs need, whether it is there or not', async () => {
    const { exit, stdout } = await cli('doctor', '--json')
    expect([0, 3]).toContain(exit)
    expect((JSON.parse(stdout) as { findings: { name: string }[] }).findings.length).toBeGreaterThan(5)
  })
})

test('npx runs it from the tarball alone', async () => {
  const folder = join(made.folder, 'npx')
  mkdirSync(folder)
  expect(await run('npx', ['--yes', `--package=${packed.tarball}`, 'proofbook', '--version'], folder)).toMatchObject({ exit: 0, stdout: `${manifest().version}\n` })
}, minutes)

function tracked(path: string): string[] {
  return execFileSync('git', ['ls-files', '--', path], { cwd: root, encoding: 'utf8' }).split('\n').filter(line => line !== '').sort()
}

function manifest(): { version: string, scripts: Record<string, string>, dependencies: Record<string, string> } {
  return JSON.parse(read(root, 'package.json'))
}
