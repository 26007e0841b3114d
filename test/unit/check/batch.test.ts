/** One bash for many blocks finds whatever `bash -n` finds, and runs nothing. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { suspects } from '../../../src/check/bash/batch.ts'

const sound = ['echo a\n', '# only a comment\n', 'cat <<EOF\nif\nEOF\n', 'f() { echo; }\nf\n', 'case a in a) echo;; esac\n', '! true\n', 'foo \\\n', 'x=$(cat <<\'E\'\n)\nE\n)\n']
const broken = ['if true; then\n', 'fi\n', '}\n', '{\n', '}; touch pwned; {\n', '}\nx() {\n', "echo 'a\n", 'echo "a\n', 'a &&\n', 'a |\n', '&& a\n', 'case x in\n', 'foo)\n', '(\n', 'cat <<END\na\n', 'for x in\ndo\n', 'echo $(\n', 'cat <<}\nfoo\n',
  'cat <<EOF\na\nEOF\n}\ny() {\ncat <<EOF\n', '((1\n', 'if\n', 'while x; do\n']

/** As `bash -n` sees it: an error, or the warning of a heredoc without an end. */
const isBroken = (script: string): boolean => {
  const { status, stderr } = spawnSync('bash', ['-n'], { input: script, encoding: 'utf8', env: { ...process.env, LC_ALL: 'C' } })
  return status !== 0 || stderr !== ''
}

test('every broken one is found among sound ones, whatever stands beside it', async () => {
  for (const script of broken) expect([script, isBroken(script)]).toEqual([script, true])
  for (const script of sound) expect([script, isBroken(script)]).toEqual([script, false])
  for (const script of broken) expect(await suspects([...sound, script, ...sound])).toContain(sound.length)
  const all = [...broken.flatMap((script, index) => [script, sound[index % sound.length]!])]
  const found = await suspects(all)
  expect(broken.map((_, index) => index * 2).filter((index) => !found.includes(index))).toEqual([])
})

test('sound ones are not asked for again, so that a book is looked at by few processes', async () => {
  expect(await suspects(sound.filter((script) => script !== 'foo \\\n'))).toEqual([])
  const many = Array.from({ length: 3000 }, (_, index) => `for x in ${index}; do\n  echo "$x"\ndone\n`)
  expect(await suspects(many)).toEqual([])
  expect(await suspects([...many, 'fi\n'])).toEqual([many.length])
})

test('a script too long for an environment is looked at alone', async () => {
  expect(await suspects(['true\n', `# ${'x'.repeat(200_000)}\n`])).toEqual([1])
})

test('nothing of a script is run', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'proofbook-batch-'))
  const cwd = process.cwd()
  try {
    const touch = `touch ${folder}/ran`
    await suspects([touch, `}; ${touch}; {`, `}\n${touch}\n{`, `};${touch}`, `$(${touch})`, `x=\`${touch}\``, `} <(${touch})`, `}\n}\n${touch}`, `() { :; }; ${touch}`])
    expect(readdirSync(folder)).toEqual([])
  } finally {
    process.chdir(cwd)
    rmSync(folder, { recursive: true })
  }
})

test('pieces of bash in any order: none that `bash -n` refuses is passed', { timeout: 60_000 }, async () => {
  const piece = fc.constantFrom('if', 'then', 'else', 'fi', '{', '}', '(', ')', '((', '))', '[[', ']]', 'case', 'in', 'esac', ';;', 'for', 'do', 'done', 'while', 'x', '"', "'", '`', '$(', '${', '<<E', 'E', '\n', '\n', ' ', ';', '&&', '|', '&', '!', '#', '\\', 'f()', 'x=', '<(')
  const scripts = fc.sample(fc.array(piece, { minLength: 1, maxLength: 8 }).map((parts) => `${parts.join(' ').replaceAll(' \n ', '\n')}\n`), { numRuns: 400, seed: 7 })
  const found = new Set(await suspects(scripts))
  const missed = scripts.filter((script, index) => !found.has(index) && isBroken(script))
  expect(missed).toEqual([])
})
