/** Reports about several results, and the history of all. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { githubSummary } from '../../../src/report/github.ts'
import { appendHistory, readHistory } from '../../../src/report/history.ts'
import { htmlOverview } from '../../../src/report/html-overview.ts'
import { junitOf } from '../../../src/report/junit.ts'
import { blockResult, sampleResult } from './sample.ts'

const failure = { host: 'lb', kind: 'check', name: 'up', line: 50, message: 'exit 1, after 3 tries', received: 'exit 1', expected: 'exit 0', tail: '' } as const
const failed = sampleResult({ verdict: 'failed', runbook: 'cni/a|b', failure, reason: 'check up on lb', blocks: [blockResult({ status: 'failed' })] })

describe('GitHub', () => {
  test('a failure is an annotation of the page\'s line; a broken lab is a warning; a row each', () => {
    const broken = sampleResult({ verdict: 'infrastructure-error', reason: 'disk\nfull 100%' })
    const { summary, annotations } = githubSummary([sampleResult(), failed, broken])
    expect(annotations.split('\n')).toEqual([
      '::error file=runbooks/haproxy/lb.mdx,line=50,title=cni/a|b on kind::exit 1, after 3 tries%0Areceived exit 1%0Aexpected exit 0',
      '::warning title=haproxy/lb on kind::disk%0Afull 100%25',
      '',
    ])
    expect(summary.split('\n').slice(2, 5)).toEqual([
      '| ✅ verified | haproxy/lb | kind, any | 1 min 37 s |  |',
      '| ❌ failed | cni/a|b | kind, any | 1 min 37 s | check up on lb |',
      '| ⛔ infrastructure-error | haproxy/lb | kind, any | 1 min 37 s | disk full 100% |',
    ])
  })
})

test('JUnit: a suite each, and the sums over all', () => {
  const xml = junitOf([sampleResult(), failed])
  expect(xml).toContain('<testsuites tests="2" failures="1" errors="0" skipped="0">')
  expect(xml.match(/<testsuite /g)).toHaveLength(2)
})

test('the overview counts what is verified and links from where it lies', () => {
  const page = htmlOverview([{ result: sampleResult(), report: '.proofbook/runs/1/index.html' }, { result: failed }], '.proofbook/report')
  expect(page).toContain('1 of 2 verified')
  expect(page).toContain('href="../runs/1/index.html"')
})

test('history keeps every verdict in its order, and passes over a line that was cut', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'proofbook-history-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const file = join(folder, 'deep', 'history.jsonl')
  expect(await readHistory(file)).toEqual([])
  await appendHistory(file, failed)
  await Promise.all(Array.from({ length: 20 }, () => appendHistory(file, sampleResult({ verdict: 'flaky', retries: 1 }))))
  await writeFile(file, `${await readFile(file, 'utf8')}{"schema":1,"runb`)
  const entries = await readHistory(file)
  expect(entries).toHaveLength(21)
  expect(entries[0]).toMatchObject({ verdict: 'failed', failed: 'check up on lb', sha256: 'a'.repeat(64) })
})
