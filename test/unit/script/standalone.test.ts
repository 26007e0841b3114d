import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { loadRunbook } from '../../../src/runbook/library.ts'
import { emitScript } from '../../../src/script/emit.ts'
import { argumentsAfter } from '../../../src/script/runtime.ts'

const root = fileURLToPath(new URL('../../fixtures/runbooks', import.meta.url))
const bin = fileURLToPath(new URL('../../../node_modules/.bin', import.meta.url))

/** A folder below the system's own temporary one: no node_modules here or above. */
let folder: string
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'proofbook-standalone-'))
  const { runbook } = await loadRunbook(root, 'all-features')
  writeFileSync(join(folder, 'all-features.mjs'), emitScript(runbook!, { version: '0.1.0' }))
})
afterAll(() => rmSync(folder, { recursive: true }))

const start = (command: string, ...args: string[]) => {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: folder, encoding: 'utf8', env: { ...process.env, NODE_PATH: '', NODE_OPTIONS: '' } })
  return { status, stdout, stderr }
}
const starters = [['zx', [join(bin, 'zx')]], ['node', [process.execPath]]] as const

describe.each(starters)('a copy in an empty folder, started by %s', (_, [command]) => {
  test('--help prints title, variables, blocks, options and how to run', () => {
    const { status, stdout, stderr } = start(command, 'all-features.mjs', '--help')
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    expect(stdout.split('\n').slice(0, 2)).toEqual(['Serve a greeting', 'Every word of the fence grammar once, on a page that runs in a second.'])
    expect(stdout).toContain('  flavour   plain|loud  default plain  Flavour\n')
    expect(stdout).toContain('  step      serve            lb           can be undone\n')
    expect(stdout).toContain('  --set name=value  value of a variable; may be repeated\n')
    expect(stdout).toContain('  npx zx all-features.mjs --set greeting=hello\n')
  })
  test('--list prints the blocks in the order in which they run', () => {
    const { status, stdout, stderr } = start(command, 'all-features.mjs', '--list')
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    expect(stdout.split('\n').slice(0, 3)).toEqual(['precheck port-is-free lb', 'step configure lb', 'step serve lb'])
    expect(stdout).not.toMatch(/rollback|cleanup|skip/)
  })
  test('without proofbook it says what to install and exits with 3', () => {
    const { status, stdout, stderr } = start(command, 'all-features.mjs')
    expect({ status, stdout }).toEqual({ status: 3, stdout: '' })
    expect(stderr).toContain('npm install proofbook@0.1.0 zx\n')
  })
})

describe.each(starters)('with proofbook installed, started by %s', (_, [command]) => {
  test('the script hands its own file and the arguments to "proofbook run", and takes its exit code', () => {
    // The real runtime beside a command line that tells what it was given.
    const own = join(folder, 'node_modules', 'proofbook')
    mkdirSync(join(own, 'dist/script'), { recursive: true })
    mkdirSync(join(own, 'dist/cli'), { recursive: true })
    const source = fileURLToPath(new URL('../../../src/script/', import.meta.url))
    // A package in node_modules is never stripped of types, so the runtime is compiled as it is for publishing.
    const compiled = spawnSync(join(bin, 'tsc'), ['--ignoreConfig', '--module', 'nodenext', '--target', 'es2024', '--rewriteRelativeImportExtensions', '--skipLibCheck',
      '--types', 'node', '--typeRoots', join(bin, '../@types'), '--rootDir', source.replace(/script\/$/, ''), '--outDir', join(own, 'dist'), join(source, 'runtime.ts')], { cwd: join(bin, '../..'), encoding: 'utf8' })
    expect(compiled.stdout + compiled.stderr).toBe('')
    copyFileSync(join(bin, '../../package.json'), join(own, 'package.json'))
    writeFileSync(join(own, 'dist/cli/main.js'), 'console.log(JSON.stringify(process.argv.slice(2))); process.exit(42)\n')
    rmSync(join(folder, 'node_modules/zx'), { force: true })
    symlinkSync(join(bin, '../zx'), join(folder, 'node_modules/zx'))

    const { status, stdout, stderr } = start(command, 'all-features.mjs', '--set', 'greeting=a b', '$(id)')
    expect({ stderr, status }).toEqual({ stderr: '', status: 42 })
    expect(JSON.parse(stdout)).toEqual(['run', expect.stringMatching(/\/all-features\.mjs$/), '--set', 'greeting=a b', '$(id)'])
    rmSync(join(folder, 'node_modules'), { recursive: true })
  })
})

test('arguments of the script are those behind its own file', () => {
  const file = join(root, 'minimal.mdx')
  expect(argumentsAfter(file, ['node', file, '--a', 'b'])).toEqual(['--a', 'b'])
  expect(argumentsAfter(file, ['node', '/usr/bin/zx', '--quiet', file, '--a'])).toEqual(['--a'])
  expect(argumentsAfter(file, ['node', 'other', '--a'])).toEqual(['--a'])
})
