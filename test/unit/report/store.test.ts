import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { readResult, readResults, resultName, writeJson } from '../../../src/report/store.ts'
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
  await writeJson(join(at, 'a/old.json'), sampleResult({ finishedAt: '2026-01-01T00:00:00Z' }))
  await writeJson(join(at, 'b/new.json'), sampleResult({ finishedAt: '2026-02-01T00:00:00Z' }))
  const results = await readResults([join(at, 'a'), join(at, 'none'), join(at, 'b')])
  expect(results.map(({ finishedAt }) => finishedAt.slice(0, 7))).toEqual(['2026-02', '2026-01'])
})
