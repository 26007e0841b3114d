import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { loadRunbook } from '../../../src/runbook/library.ts'
import type { Block, Runbook } from '../../../src/runbook/model.ts'
import { callOrder, emitScript } from '../../../src/script/emit.ts'
import { literal, quote } from '../../../src/script/literal.ts'
import { loadScript, NotAScript } from '../../../src/script/load.ts'
import { blockOf, optionsOf } from '../../../src/script/options.ts'
import { recordBlocks } from '../../../src/script/record.ts'
import { anyText, page, sound } from '../runbook/page.ts'

const root = fileURLToPath(new URL('../../fixtures/runbooks', import.meta.url))
const version = '0.1.0'
let folder: string
let files = 0
beforeAll(async () => { folder = await mkdtemp(join(tmpdir(), 'proofbook-script-')) })
afterAll(() => rm(folder, { recursive: true }))

/** The blocks that a runbook's script hands to a book, by way of a file and the real loader. */
async function viaScript(runbook: Runbook): Promise<Block[]> {
  const file = join(folder, `script-${files++}.mjs`)
  await writeFile(file, emitScript(runbook, { version }))
  return recordBlocks(await loadScript(file))
}

/** A script does not carry columns. */
const plain = (blocks: readonly Block[]) => blocks.map((block) => ({ ...block, position: { line: block.position.line, column: 1 } }))

describe('page to script to calls', () => {
  test.each(['all-features', 'minimal', 'chapter/values'])('%s', async (id) => {
    const { runbook } = await loadRunbook(root, id)
    expect(await viaScript(runbook!)).toEqual(plain(callOrder(runbook!.blocks)))
  })

  test('any text of a fence arrives byte for byte', async () => {
    const nasty = fc.constantFrom('`', '${x}', '\\', '\\n', '\'', '"', '\u2028', '\u2029', '\uFEFF', '😀', 'é', '*/', '//', '</script>', '\t', '$(id)',
      '#!', '{{ x }}', '\\u0041', '\\`', '${`', 'EOF', ' ', '  ')
    const line = fc.oneof(
      fc.array(nasty, { maxLength: 6 }).map((parts) => parts.join('')),
      fc.string({ unit: 'grapheme-composite', maxLength: 20 }).map((text) => text.replace(/[\0-\x08\x0A-\x1F\x7F]/g, '').replaceAll('{{', '{ {')),
    ).filter((text) => !/^\s*(?:`{3}|~{3})/.test(text))
    const text = fc.array(line, { minLength: 1, maxLength: 5 }).map((lines) => `${lines.join('\n')}\n`).filter((all) => all.trim() !== '')
    await fc.assert(fc.asyncProperty(fc.array(text, { minLength: 1, maxLength: 6 }), async (texts) => {
      const runbook = sound(page(texts.map((all, index) => `~~~~~bash check=c${index}\n${all}~~~~~\n`).join('\n')))
      expect((await viaScript(runbook)).map((block) => block.text)).toEqual(texts)
    }), { numRuns: 60 })
  })

  test('cleanup first, each rollback just before its step, else page order', () => {
    const { blocks } = sound(page([
      'check=a', 'step=s1', 'rollback=s2', 'step=s2', 'drill=d', 'rollback=s1', 'cleanup=z', 'check=b', 'cleanup=y',
    ].map((words) => `\`\`\`bash ${words}\ntrue\n\`\`\`\n`).join('\n')))
    expect(callOrder(blocks).map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      'cleanup z', 'cleanup y', 'check a', 'rollback s1', 'step s1', 'rollback s2', 'step s2', 'drill d', 'check b',
    ])
  })
})

describe('the module', () => {
  test('is the same for the same page', async () => {
    const [one, two] = await Promise.all([loadRunbook(root, 'all-features'), loadRunbook(root, 'all-features')])
    expect(emitScript(one.runbook!, { version })).toBe(emitScript(two.runbook!, { version }))
  })
  test('is what a person can read', async () => {
    const { runbook } = await loadRunbook(root, 'minimal')
    const script = emitScript({ ...runbook!, path: 'runbooks/minimal.mdx' }, { version })
    expect(script).toMatchInlineSnapshot(`
      "#!/usr/bin/env zx
      // minimal: extracted by proofbook 0.1.0 from runbooks/minimal.mdx (sha256 6dc23676e5c04a2a775ade0633b8a1c2bfe43c34332ce8949a5d482024f0fff0)
      // Do not edit: change the page and extract again. Usage: npx zx minimal.mjs --help

      const meta = {
        id: 'minimal',
        title: 'Say hello',
        description: 'The smallest page that proves something.',
        source: 'runbooks/minimal.mdx',
        sha256: '6dc23676e5c04a2a775ade0633b8a1c2bfe43c34332ce8949a5d482024f0fff0',
        topology: 'load-balancer',
        cni: 'any',
        targets: ['kind'],
        risk: 'read-only',
        idempotent: false,
        verifiedFor: 2592000000,
        traffic: [],
        downtimeBudget: {},
        versions: {},
        variables: [],
      }

      const lines = (...rows) => rows.join('\\n') + '\\n'

      async function main(book) {
        await book.check('hello', { line: 7, output: { text: 'hello', position: { line: 11, column: 1 } } }, lines(
          'echo hello',
        ))
      }

      export default { meta, main }

      const usage = lines(
        'Say hello',
        'The smallest page that proves something.',
        '',
        'Usage: npx zx minimal.mjs [options]',
        '',
        'Risk: read-only',
        '',
        'Variables (--set name=value):',
        '  none',
        '',
        'Blocks, in order (name, host):',
        '  check  hello  workstation',
        '',
        'Options:',
        '  --list            the blocks and nothing else, one a line: kind, name, host',
        '  --step NAME       this step and its checks only',
        '  --dry-run         print every command with its values, run nothing',
        '  --target NAME     where to run: hosts (your own machines), local (this machine), kind or k3d (a lab)',
        '  --set name=value  value of a variable; may be repeated',
        '  --values FILE     values from a YAML file',
        '  --help            this text',
        '  All other options of "proofbook run" are passed on.',
        '',
        'How to run:',
        '  npm install proofbook zx',
        '  npx zx minimal.mjs',
      )

      // A block a line: kind, name and host, in the order in which they run.
      const list = () => main(new Proxy({}, {
        get: (_, kind) => async (name, { on = 'workstation' }) => {
          if (!['rollback', 'cleanup', 'skip'].includes(kind)) process.stdout.write(lines([kind, name, on].join(' ')))
        },
      }))

      const imported = globalThis[Symbol.for('proofbook.session')] !== undefined
      const asked = (...words) => !imported && process.argv.some((arg) => words.includes(arg))
      if (asked('--help', '-h')) {
        process.stdout.write(usage)
      } else if (asked('--list')) {
        await list()
      } else {
        const runtime = await import('proofbook/runtime').catch((error) => {
          if (error.code !== 'ERR_MODULE_NOT_FOUND' || !error.message.includes("'proofbook'")) throw error
        })
        if (runtime === undefined) {
          process.stderr.write(lines(
            'This runbook is run by proofbook, which is not installed here. Install it beside this file and try again:',
            '  npm install proofbook@0.1.0 zx',
            '  npx zx minimal.mjs --help',
          ))
          process.exitCode = 3
        } else {
          await runtime.start({ meta, main }, import.meta)
        }
      }
      "
    `)
  })
  test('imports nothing before it is asked to run', async () => {
    const { runbook } = await loadRunbook(root, 'all-features')
    expect(emitScript(runbook!, { version })).not.toMatch(/^\s*import\b(?!\s*\()/m)
  })
})

describe('loading', () => {
  test('a rewritten file is loaded anew', async () => {
    const file = join(folder, 'twice.mjs')
    const { runbook } = await loadRunbook(root, 'minimal')
    await writeFile(file, emitScript(runbook!, { version }))
    await loadScript(file)
    await writeFile(file, emitScript({ ...runbook!, title: 'Another' }, { version }))
    expect((await loadScript(file)).meta.title).toBe('Another')
  })
  test('proofbook/runtime resolves for a script that lies anywhere', async () => {
    const file = join(folder, 'imports.mjs')
    await writeFile(file, "import { start } from 'proofbook/runtime'\nexport default { meta: { id: typeof start }, async main() {} }\n")
    expect((await loadScript(file)).meta.id).toBe('function')
  })
  test.each([
    ['export const x = 1\n', 'is not a script that proofbook extracted'],
    ['export default { meta: {} }\n', 'is not a script that proofbook extracted'],
    ['export default {\n', 'cannot be loaded'],
    ["import 'no-such-package-anywhere'\n", 'cannot be loaded'],
  ])('%j is refused', async (source, message) => {
    const file = join(folder, `bad-${files++}.mjs`)
    await writeFile(file, source)
    const error = await loadScript(file).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(NotAScript)
    expect(error).toMatchObject({ exitCode: 2, message: expect.stringContaining(message) })
  })
  test('a file that is not there', async () => {
    await expect(loadScript(join(folder, 'none.mjs'))).rejects.toThrow(/cannot read .*none\.mjs/)
  })
})

test('a literal reads back as its value', () => {
  fc.assert(fc.property(fc.jsonValue({ maxDepth: 3 }), (value) => {
    expect(new Function(`return ${literal(value)}`)()).toEqual(JSON.parse(JSON.stringify(value), (_, item: unknown) => Object.is(item, -0) ? 0 : item))
  }))
  fc.assert(fc.property(anyText, (text) => {
    expect(new Function(`return ${quote(text)}`)()).toBe(text)
  }))
})

test('options leave out what is plain, and give it back', async () => {
  const { runbook } = await loadRunbook(root, 'minimal')
  const block = runbook!.blocks[0]!
  expect(optionsOf(block)).toEqual({ line: 7, output: { text: 'hello', position: { line: 11, column: 1 } } })
  expect(blockOf('check', 'hello', { line: 7 }, 'echo hello\n')).toMatchObject({ on: 'workstation', timeout: 60_000, exit: 0, action: { type: 'bash' } })
  expect(await readFile(join(root, 'minimal.mdx'), 'utf8')).toContain(block.text)
})
