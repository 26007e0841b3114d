import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { clip, LONGEST_TRANSCRIPT } from '../../../src/run/clip.ts'
import { duration } from '../../../src/report/duration.ts'
import { createRunFolder } from '../../../src/run/folder.ts'
import { differences } from '../../../src/run/inventory.ts'
import { applyScript } from '../../../src/run/send.ts'
import { fence, prove } from './prove.ts'

interface Line { readonly event: string, readonly at: string, readonly transcript?: string, readonly block?: { readonly name: string, readonly transcript?: string } }

const linesOf = (file: string): Line[] => readFileSync(file, 'utf8').trim().split('\n').map(line => JSON.parse(line) as Line)

test('the journal has one line an event, transcripts lie beside it', async () => {
  const { verify, folder } = await prove(fence('bash check=one', 'echo eins') + fence('bash check=two', 'echo zwei >&2'))
  await verify()
  const lines = linesOf(folder.journal)
  expect(lines.map(({ event }) => event)).toEqual([
    'begin', 'inventory', 'phase', 'start', 'end', 'start', 'end', 'inventory', 'verdict',
  ])
  expect(lines[4]).toMatchObject({ transcript: 'transcripts/01-one.txt', block: { name: 'one' } })
  expect(lines[4]?.block).not.toHaveProperty('transcript')
  expect(readFileSync(join(folder.path, 'transcripts/02-two.txt'), 'utf8')).toBe('zwei\n')
  expect(readdirSync(folder.transcripts)).toHaveLength(2)
  expect(existsSync(folder.script)).toBe(true)
})

test('the journal is written as it happens, not at the end', async () => {
  const { verify, folder } = await prove(fence('bash check=look', `grep -c '"event":"start"' "$JOURNAL"`) + fence('text output', '1'),
    { target: {} })
  process.env.JOURNAL = folder.journal
  expect((await verify()).blocks[0]?.status).toBe('ok')
  delete process.env.JOURNAL
})

test('two runs of the same second have folders of their own', () => {
  const root = mkdtempSync(join(tmpdir(), 'proofbook-folder-'))
  onTestFinished(() => rmSync(root, { recursive: true }))
  const now = new Date('2026-11-21T09:31:12.345Z')
  const paths = [1, 2].map(() => createRunFolder(root, 'haproxy/x', '', now).path)
  expect(paths).toEqual([join(root, 'runs/20261121-093112-haproxy-x'), join(root, 'runs/20261121-093112-haproxy-x-2')])
  expect(paths.every(path => statSync(path).isDirectory())).toBe(true)
})

test('a long transcript loses its middle and says how much', () => {
  const text = `first\n${'äx'.repeat(LONGEST_TRANSCRIPT)}\nlast`
  const cut = clip(text)
  expect(Buffer.byteLength(cut)).toBeLessThanOrEqual(LONGEST_TRANSCRIPT)
  expect(cut).toMatch(/^first\n[^]*\n\[… \d+ bytes left out …\]\n[^]*\nlast$/)
  expect(cut).not.toContain('\uFFFD')
  expect(clip('short')).toBe('short')
})

test('inventories differ by what one of them has', () => {
  expect(differences(['file a 1', 'addr x', 'same'], ['same', 'file a 2', 'addr y'])).toEqual(['- addr x', '+ addr y', '- file a 1', '+ file a 2'])
  expect(differences(['a', 'b'], ['b', 'a'])).toEqual([])
})

test('durations for people', () => {
  expect([40, 900, 9_940, 9_960, 41_400, 59_600, 97_000, 120_000, 7_500_000].map(duration))
    .toEqual(['0.0 s', '0.9 s', '9.9 s', '10 s', '41 s', '1 min', '1 min 37 s', '2 min', '2 h 5 min'])
})

test('YAML reaches kubectl byte for byte, whatever it holds', async () => {
  const { localTarget } = await import('../../../src/target/local.ts')
  const yaml = 'a: "$(touch /tmp/no) `x` $HOME"\nEOF\n\tb: \'\\\'\n'
  const script = applyScript(yaml, true)
  const outcome = await localTarget().hosts[0]!.bash(`kubectl() { echo "$@"; cat; }\n${script}`, { timeout: 5_000 })
  expect(outcome.stdout).toBe(`apply --dry-run=server -f -\n${yaml}`)
})
