import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { readFolders, readResult, readResults, refusalOf, resultName, writeJson, writeResult } from '../../../src/report/store.ts'
import { sampleResult } from './sample.ts'

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'proofbook-store-'))
  onTestFinished(() => rmSync(path, { recursive: true }))
  return path
}

test('what is written is read back, and no draft is left', async () => {
  const at = folder()
  const file = join(at, 'deep/er', resultName(sampleResult()))
  await writeJson(file, sampleResult())
  expect(await readResult(file)).toEqual(sampleResult())
  expect(readdirSync(join(at, 'deep/er'))).toEqual(['haproxy-lb.kind.json'])
})

test.each([
  ['{', 'expected a result'],
  ['null', 'received schema none'],
  ['{"schema":2,"runbook":"x","target":"kind","blocks":[]}', 'received schema 2, expected 1'],
  ['{"schema":1}', 'verify again'],
])('%s is refused with its path', async (text, message) => {
  const file = join(folder(), 'x.json')
  writeFileSync(file, text)
  await expect(readResult(file)).rejects.toThrow(message)
  await expect(readResult(file)).rejects.toThrow(file)
})

test('results of several folders come newest first; a folder that is not there holds none', async () => {
  const at = folder()
  const day = (month: string) => sampleResult({ startedAt: `2026-${month}-01T00:00:00.000Z`, finishedAt: `2026-${month}-01T00:01:00.000Z` })
  await writeResult(join(at, 'a/haproxy-lb.kind.json'), day('01'))
  await writeResult(join(at, 'b/haproxy-lb.kind.json'), day('02'))
  const results = await readResults([join(at, 'a'), join(at, 'none'), join(at, 'b')])
  expect(results.map(({ finishedAt }) => finishedAt.slice(0, 7))).toEqual(['2026-02', '2026-01'])
})

test('a refused file is told, and which page it is of; the others are read', async () => {
  const at = folder()
  await writeResult(join(at, 'haproxy-lb.kind.json'), sampleResult())
  await writeJson(join(at, 'haproxy-lb.k3d.json'), sampleResult({ target: 'k3d' }))
  const { results, refused } = await readFolders([at])
  expect(results.map(({ target }) => target)).toEqual(['kind'])
  expect(refusalOf(refused, 'haproxy/lb', 'k3d')?.reason).toContain('no digest')
  expect(refusalOf(refused, 'haproxy/lb', 'kind')).toBeUndefined()
  expect(refusalOf(refused, 'haproxy/l', 'k3d')).toBeUndefined()
})
