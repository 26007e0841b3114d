import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, onTestFinished, test } from 'vitest'
import { sealed } from '../../../../src/report/digest.ts'
import { appendHistory, historyEntry, type HistoryEntry } from '../../../../src/report/history.ts'
import { entriesText, mergeEntries, readEntries } from '../../../../src/report/merge/entries.ts'
import { mergeFolders } from '../../../../src/report/merge/folders.ts'
import { mergeResults, type Named } from '../../../../src/report/merge/results.ts'
import type { Result } from '../../../../src/report/result.ts'
import { readFolders, resultName, writeResult } from '../../../../src/report/store.ts'
import { sampleResult } from '../sample.ts'

const NOW = Date.parse('2027-01-01T00:00:00Z')

const anyResult: fc.Arbitrary<Result> = fc.record({
  page: fc.constantFrom('lb', 'vip', 'ha'),
  target: fc.constantFrom('kind', 'k3d'),
  verdict: fc.constantFrom('verified' as const, 'failed' as const, 'infrastructure-error' as const),
  // few moments, so that some are the same
  minute: fc.integer({ min: 10, max: 14 }),
  durationMs: fc.integer({ min: 1, max: 3 }),
}).map(({ page, target, verdict, minute, durationMs }) => sampleResult({
  runbook: `haproxy/${page}`, source: { path: `runbooks/haproxy/${page}.mdx`, sha256: 'a'.repeat(64) }, target, verdict, durationMs,
  startedAt: '2026-11-21T09:00:00.000Z', finishedAt: `2026-11-21T09:${minute}:00.000Z`,
}))

describe('histories', () => {
  const anyHistory = fc.array(anyResult.map(historyEntry), { maxLength: 12 })
  const text = (...histories: HistoryEntry[][]): string => entriesText(mergeEntries(histories))

  test('in every order they give the same one', () => {
    fc.assert(fc.property(anyHistory, anyHistory, anyHistory, (a, b, c) => {
      const orders = [[a, b, c], [a, c, b], [b, a, c], [b, c, a], [c, a, b], [c, b, a]]
      expect(new Set(orders.map(order => text(...order))).size).toBe(1)
    }))
  })
  test('it does not matter which two are merged first', () => {
    fc.assert(fc.property(anyHistory, anyHistory, anyHistory, (a, b, c) => {
      expect(text(mergeEntries([a, b]), c)).toBe(text(a, mergeEntries([b, c])))
    }))
  })
  test('twice is once, and none is nothing', () => {
    fc.assert(fc.property(anyHistory, a => {
      expect(text(a, a)).toBe(text(a))
      expect(text(a, [])).toBe(text(a))
      expect(text(mergeEntries([a]))).toBe(text(a))
    }))
  })
  test('no entry is lost, and none comes from nowhere', () => {
    fc.assert(fc.property(anyHistory, anyHistory, (a, b) => {
      const [given, merged] = [new Set([...a, ...b].map(({ digest }) => digest)), mergeEntries([a, b]).map(({ digest }) => digest)]
      expect(new Set(merged)).toEqual(given)
      expect(merged).toHaveLength(given.size)
    }))
  })
  test('what is written is read back', () => {
    fc.assert(fc.property(anyHistory, a => {
      expect(readEntries(text(a), NOW)).toEqual({ entries: mergeEntries([a]), refused: [] })
    }))
  })
  test('the newest by time would lose some: the test can fail', () => {
    const [one, other] = [sampleResult({ durationMs: 1 }), sampleResult({ durationMs: 2 })].map(historyEntry) as [HistoryEntry, HistoryEntry]
    const byTime = [...new Map([one, other].map(entry => [entry.finishedAt, entry])).values()]
    expect(byTime).toHaveLength(1)
    expect(mergeEntries([[one], [other]])).toHaveLength(2)
  })

  const entry = historyEntry(sampleResult())
  test.each([
    ['cut', JSON.stringify(entry).slice(0, 80), /not whole/],
    ['edited', JSON.stringify({ ...entry, verdict: 'failed' }), /digest is not that/],
    ['without a digest', JSON.stringify({ ...entry, digest: undefined }), /no digest/],
    ['from the future', JSON.stringify(sealed({ ...entry, finishedAt: '2027-02-01T00:00:00.000Z' })), /from the future/],
    ['of something else', '{"a":1}', /no entry/],
  ])('a line that is %s is refused, the others count', (_, line, reason) => {
    const read = readEntries(`${JSON.stringify(entry)}\n${line}\n`, NOW)
    expect(read.entries).toEqual([entry])
    expect(read.refused).toEqual([{ line: 2, text: line, reason: expect.stringMatching(reason) as string }])
  })
})

describe('results', () => {
  const anyNamed = fc.array(anyResult.map((result): Named => ({ name: resultName(result), result: sealed(result) })), { maxLength: 8 })
  test('in every order the same ones stay, and merging again changes nothing', () => {
    fc.assert(fc.property(anyNamed, anyNamed, (a, b) => {
      expect(mergeResults([...a, ...b])).toEqual(mergeResults([...b, ...a].toReversed()))
      expect(mergeResults([...mergeResults(a), ...b])).toEqual(mergeResults([...a, ...mergeResults(b)]))
      expect(mergeResults([...a, ...a])).toEqual(mergeResults(a))
    }))
  })
  test('a broken lab does not take the place of a verdict, however new it is', () => {
    const [verdict, broken] = [sampleResult(), sampleResult({ verdict: 'infrastructure-error', finishedAt: '2026-11-22T00:00:00.000Z' })].map(result => ({ name: 'x', result: sealed(result) })) as [Named, Named]
    expect(mergeResults([broken, verdict])).toEqual([verdict])
  })
})

describe('folders', () => {
  const scratch = (): string => {
    const path = mkdtempSync(join(tmpdir(), 'proofbook-merge-'))
    onTestFinished(() => rmSync(path, { recursive: true }))
    return path
  }
  async function shard(folder: string, ...results: Result[]): Promise<string> {
    for (const result of results) {
      await writeResult(join(folder, 'results', resultName(result)), result)
      await appendHistory(join(folder, 'history.jsonl'), result)
    }
    return folder
  }
  const page = (name: string, extra: Partial<Result> = {}): Result =>
    sampleResult({ runbook: `haproxy/${name}`, source: { path: `runbooks/haproxy/${name}.mdx`, sha256: 'a'.repeat(64) }, ...extra })
  const bytes = (folder: string): string => [...readdirSync(join(folder, 'results')).sort().map(name => readFileSync(join(folder, 'results', name), 'utf8')), readFileSync(join(folder, 'history.jsonl'), 'utf8')].join('')

  test('two shards in both orders, and what was there before, give the same bytes', async () => {
    const at = scratch()
    const [a, b, before] = await Promise.all([shard(join(at, 'a'), page('lb')), shard(join(at, 'b'), page('vip'), page('lb', { durationMs: 5 })), shard(join(at, 'before'), page('ha'))])
    await mergeFolders([before], join(at, 'x'), { now: NOW })
    expect(await mergeFolders([a, b], join(at, 'x'), { now: NOW })).toEqual({ results: 3, entries: 4, refused: [] })
    await mergeFolders([b], join(at, 'y'), { now: NOW })
    await mergeFolders([before, a, b], join(at, 'y'), { now: NOW })
    expect(bytes(join(at, 'y'))).toBe(bytes(join(at, 'x')))
  })

  test('a bad file is refused by name; the good ones come through; no line of the output is thrown away', async () => {
    const at = scratch()
    const a = await shard(join(at, 'a'), page('lb'), page('vip'))
    const file = join(a, 'results', 'haproxy-vip.kind.json')
    writeFileSync(file, readFileSync(file, 'utf8').replace('"verified"', '"failed"'))
    writeFileSync(join(a, 'results', 'haproxy-lb.kind.copy.json'), readFileSync(join(a, 'results', 'haproxy-lb.kind.json')))
    const out = join(at, 'out')
    mkdirSync(out)
    writeFileSync(join(out, 'history.jsonl'), '{"schema":1,"old":true}\n')
    const { results, entries, refused } = await mergeFolders([a], out, { now: NOW })
    expect([results, entries]).toEqual([1, 2])
    expect(refused.map(({ file: name, reason }) => `${name.slice(at.length + 1)}: ${reason}`)).toEqual([
      expect.stringMatching(/^a\/results\/haproxy-vip\.kind\.json: its digest/), 'a/results/haproxy-lb.kind.copy.json: it is a copy of haproxy-lb.kind.json',
      'out/history.jsonl:1: it is no entry of a history',
    ])
    expect(readFileSync(join(out, 'history.refused.jsonl'), 'utf8')).toBe('{"schema":1,"old":true}\n')
    expect((await readFolders([join(out, 'results')], NOW)).results.map(({ runbook }) => runbook)).toEqual(['haproxy/lb'])
  })

  test('what is not attested does not count, and says why', async () => {
    const at = scratch()
    const a = await shard(join(at, 'a'), page('lb'), page('vip'))
    const { results, refused } = await mergeFolders([a], join(at, 'out'), { now: NOW, attested: async file => file.includes('vip') ? 'it is not attested: no attestation' : undefined })
    expect(results).toBe(1)
    expect(refused.map(({ reason }) => reason)).toEqual(['it is not attested: no attestation'])
  })

  test('nor does a history; that of the output was attested before', async () => {
    const at = scratch()
    const [a, out] = await Promise.all([shard(join(at, 'a'), page('lb')), shard(join(at, 'out'), page('vip'))])
    const asked: string[] = []
    const { entries, refused } = await mergeFolders([a], out, { now: NOW, attested: async (file) => {
      asked.push(file.slice(at.length + 1))
      return file.endsWith('.jsonl') ? 'it is not attested: no attestation' : undefined
    } })
    expect(asked).toEqual(['a/results/haproxy-lb.kind.json', 'a/history.jsonl'])
    expect(refused).toEqual([{ file: join(a, 'history.jsonl'), reason: 'it is not attested: no attestation' }])
    expect(entries).toBe(1)
    expect(readFileSync(join(out, 'history.jsonl'), 'utf8')).toContain('haproxy/vip')
  })

  test('no folder, no merge', async () => {
    await expect(mergeFolders(['/nowhere'], scratch(), { now: NOW })).rejects.toThrow('received /nowhere, expected a folder')
  })
})
