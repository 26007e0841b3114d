import { globSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import fc from 'fast-check'
import { parse } from 'parse5'
import { describe, expect, inject, test } from 'vitest'
import { sealed } from '../../src/report/digest.ts'
import { mergeEntries } from '../../src/report/merge/entries.ts'
import type { AbortLine } from '../../src/report/abort-points.ts'
import type { LeftOut } from '../../src/report/left-out.ts'
import { recordMutant, readMutants, sha256, type CaughtMutant } from '../../src/report/mutants.ts'
import type { Verdict } from '../../src/report/result.ts'
import { abortNote, abortPointsOf } from '../../src/site/status/abort-points.ts'
import { badgeSvg } from '../../src/site/status/badge.ts'
import { columnsOf } from '../../src/site/status/cells.ts'
import { coverageOf } from '../../src/site/status/coverage.ts'
import { atom } from '../../src/site/status/feed.ts'
import { changesIn, soundEntries, type HistoryEntry } from '../../src/site/status/history.ts'
import { leftOutOf } from '../../src/site/status/left-out.ts'
import { keptPatches, mutantsOf } from '../../src/site/status/mutants.ts'
import { totalsOf } from '../../src/site/status/book-status.ts'
import { all, attribute, hasClass, one, readPage, squeezed, textOf } from './html.ts'

const { fixture, real } = inject('sites')

interface Status {
  readonly schema: number
  readonly totals: { readonly runbooks: number, readonly verified: number }
  readonly runbooks: readonly { readonly id: string, readonly status: string, readonly history: readonly { readonly verdict: string }[], readonly flakes: number, readonly targets: readonly { readonly target: string, readonly status: string }[] }[]
}
const statusOf = (site: string): Status => JSON.parse(readFileSync(join(site, 'status.json'), 'utf8')) as Status

const states = [
  ['second-address', 'not run', 'kind'], ['too-old', 'stale', 'kind'], ['changed', 'stale', 'kind'], ['flaky', 'flaky', 'kind'], ['failed', 'failed', 'kind'],
  ['nothing', 'not run', 'kind'], ['lab-broke', 'not run', 'kind'], ['forged', 'not run', 'kind'],
] as const

describe.each(states)('%s', (name, word) => {
  test(`is ${word} in status.json and on its badge, as under its title`, () => {
    const page = statusOf(fixture).runbooks.find(({ id }) => id === `haproxy/${name}`)!
    expect(page.status).toBe(word)
    const chip = all(readPage(fixture, `/haproxy/${name}/`).root, element => hasClass(element, 'chip')).map(element => attribute(element, 'data-word'))
    expect(chip).toContain(word)
    const badge = readFileSync(join(fixture, `badges/haproxy/${name}.svg`), 'utf8')
    expect(badge).toMatch(new RegExp(`<title>Proofbook: ${word}(?:, \\d+ \\w+ 2026)?</title>`))
    expect(badge.includes('#0b6238'), 'green').toBe(false)
  })
})

test('only a verified target is verified, in every place', () => {
  const page = statusOf(fixture).runbooks.find(({ id }) => id === 'haproxy/second-address')!
  expect(page.targets.map(({ target, status }) => `${target} ${status}`)).toEqual(['kind verified', 'hosts not run'])
  expect(statusOf(fixture).totals.verified).toBe(0)
  expect(badgeSvg({ word: 'verified', finishedAt: '2026-11-21T09:31:00Z' })).toContain('#0b6238')
})

test('the matrix has a cell where a page asks for one, and says so where none does', () => {
  const table = one(readPage(fixture, '/status/').root, element => hasClass(element, 'matrix'))
  const headings = all(one(table, ({ tagName }) => tagName === 'thead'), ({ tagName }) => tagName === 'th').map(textOf)
  expect(headings).toEqual(['Runbook', 'kind, any CNI', 'hosts, any CNI'])
  const row = (id: string) => one(table, element => element.tagName === 'tr' && all(element, link => attribute(link, 'href') === `/haproxy/${id}/`).length > 0)
  const cells = (id: string) => all(row(id), ({ tagName }) => tagName === 'td').slice(1).map(cell => squeezed(textOf(cell)))
  expect(cells('second-address')[0]).toMatch(/^verified 20 Nov 2026$|^verified \d+ Nov 2026$/)
  expect(cells('failed')).toEqual([expect.stringMatching(/^failed/), 'not asked for'])
})

test('the past is shown as far as it can be believed, oldest first', () => {
  const { history, flakes } = statusOf(fixture).runbooks.find(({ id }) => id === 'haproxy/second-address')!
  const verdicts = history.map(({ verdict }) => verdict)
  expect(verdicts.slice(0, 3)).toEqual(['verified', 'failed', 'infrastructure-error'])
  // The two results of this moment, on two targets.
  expect(verdicts.slice(3).sort()).toEqual(['not-run', 'verified'])
  expect(flakes).toBe(0)
  expect(statusOf(fixture).runbooks.find(({ id }) => id === 'haproxy/flaky')!.flakes).toBe(1)
})

test.each([['the fixture book', fixture], ['the book', real]])('the home page of %s says what status.json says', (_, site) => {
  const { totals, runbooks } = statusOf(site)
  const home = readPage(site, '/')
  const figures = all(one(home.root, element => hasClass(element, 'totals')), ({ tagName }) => tagName === 'dd').map(figure => squeezed(textOf(figure)))
  expect(figures[0]).toBe(`${totals.verified} of ${totals.runbooks}`)
  const listed = all(home.root, element => hasClass(element, 'chapter')).flatMap(chapter => all(chapter, ({ tagName }) => tagName === 'li')).map(item =>
    `${attribute(one(item, ({ tagName }) => tagName === 'a'), 'href')} ${attribute(one(item, element => hasClass(element, 'state')), 'title')}`)
  expect(listed).toEqual(runbooks.map(({ id, status }) => `/${id}/ ${status}`))
  expect(textOf(one(one(home.root, element => attribute(element, 'data-code-block') !== undefined), ({ tagName }) => tagName === 'code'))).toMatch(/^git clone .* && npm run verify\n$/)
})

test('a runbook leads to the claims that it settles, and they lead back', () => {
  const links = (url: string, pattern: RegExp) => all(readPage(real, url).root, ({ tagName }) => tagName === 'a').map(link => attribute(link, 'href') ?? '').filter(href => pattern.test(href))
  expect(links('/haproxy/virtual-ip/', /^\/claims\/#/)).toEqual(['/claims/#H1', '/claims/#H2', '/claims/#H3'])
  const row = one(readPage(real, '/claims/').root, element => attribute(element, 'id') === 'H2')
  expect(all(row, ({ tagName }) => tagName === 'a').map(link => attribute(link, 'href'))).toContain('/haproxy/virtual-ip/')
  expect(attribute(row, 'data-proof')).toBe(statusOf(real).runbooks.some(({ id, status }) => ['haproxy/virtual-ip', 'haproxy/high-availability'].includes(id) && status === 'verified') ? 'verified' : 'not-verified')
})

test('the pages of the book are all in status.json', () => {
  expect(statusOf(real).runbooks.length).toBe(statusOf(real).totals.runbooks)
  expect(statusOf(real).runbooks.length).toBeGreaterThanOrEqual(17)
})

const entry = (over: Partial<HistoryEntry>): HistoryEntry => sealed({
  schema: 1, runbook: 'a/b', target: 'kind', cni: 'none', verdict: 'verified', finishedAt: '2026-11-20T00:00:00.000Z', durationMs: 1, retries: 0, sha256: '0', versions: {}, result: 'sha256:0', ...over,
})

describe('history', () => {
  const verdicts: readonly Verdict[] = ['verified', 'flaky', 'failed', 'infrastructure-error', 'not-run', 'stand-in']
  const entries = fc.array(fc.record({
    runbook: fc.constantFrom('a/b', 'c/d'), verdict: fc.constantFrom(...verdicts),
    finishedAt: fc.integer({ min: 1, max: 500 }).map(minute => new Date(Date.UTC(2026, 0, 1) + minute * 60_000).toISOString()),
  }).map(entry))

  test('a change is a verdict that differs from the last one of the same page', () => {
    fc.assert(fc.property(entries, (list) => {
      for (const { entry, before } of changesIn(mergeEntries([list]))) {
        expect(entry.verdict).not.toBe(before)
        expect(['infrastructure-error', 'not-run']).not.toContain(entry.verdict)
      }
    }))
    const changes = changesIn(mergeEntries([[entry({}), entry({ verdict: 'infrastructure-error', finishedAt: '2026-11-20T01:00:00.000Z' }), entry({ finishedAt: '2026-11-20T02:00:00.000Z' }),
      entry({ verdict: 'failed', finishedAt: '2026-11-20T03:00:00.000Z' })]]))
    expect(changes.map(({ entry, before }) => `${before} -> ${entry.verdict}`)).toEqual(['verified -> failed', 'undefined -> verified'])
  })

  test('what was changed, cut, lies in the future or is no verdict is left out', () => {
    const line = (one: HistoryEntry) => JSON.stringify(one)
    expect(soundEntries(line(entry({})))).toHaveLength(1)
    for (const bad of [
      line(entry({ verdict: 'failed' })).replace('failed', 'verified'), line(entry({})).slice(0, -9), line(entry({ finishedAt: '2999-01-01T00:00:00.000Z' })),
      line(entry({ verdict: 'excellent' as Verdict })), line(entry({ finishedAt: 'soon' })), '{}', 'null', '[]',
    ]) expect(soundEntries(bad), bad).toEqual([])
  })
})

describe('feed', () => {
  const feed = readFileSync(join(fixture, 'feed.xml'), 'utf8')
  test('tells each change of status once, newest first', () => {
    const titles = [...feed.matchAll(/<entry>\n<id>.*\n<title>(.*)<\/title>/g)].map(([, title]) => title!)
    expect(titles.filter(title => title.startsWith('Answer on a second address'))).toEqual([
      'Answer on a second address: verified on kind, failed before', 'Answer on a second address: failed on kind, verified before', 'Answer on a second address: verified on kind',
    ])
    const times = [...feed.matchAll(/<entry>[\s\S]*?<updated>(.*)<\/updated>/g)].map(([, time]) => time!)
    expect(times).toEqual(times.toSorted().reverse())
    const ids = [...feed.matchAll(/<id>(.*)<\/id>/g)].map(([, id]) => id!)
    expect(new Set(ids).size).toBe(ids.length)
  })

  test('a reason is text, whatever it holds', () => {
    expect(feed).toContain('check &lt;declared&gt; did not hold &amp; ended')
    const hostile = atom([{ entry: entry({ verdict: 'failed', reason: ']]></summary><script>\u0000\u001B[31m' }) }], { home: 'https://x.example/', built: '2026-01-01T00:00:00Z', titles: new Map() })
    expect(hostile).toContain(']]&gt;&lt;/summary&gt;&lt;script&gt;[31m')
    expect(hostile).toContain('<link rel="self" href="https://x.example/feed.xml"/>')
  })
})

test('a badge is one image with its words, whatever they are', () => {
  fc.assert(fc.property(fc.constantFrom('verified', 'stale', 'flaky', 'failed', 'not run'), word => {
    const svg = badgeSvg({ word: word as 'verified' })
    expect(textOf(parse(svg)).match(new RegExp(word, 'g'))).toHaveLength(2)
    expect(svg.includes('#0b6238')).toBe(word === 'verified')
  }))
})

test('coverage counts blocks that did something, and names the others', () => {
  const block = (kind: string, name: string) => ({ kind, name }) as never
  const run = (kind: string, name: string, status: string) => ({ kind, name, status, reason: 'why' }) as never
  const blocks = [block('step', 'a'), block('check', 'b'), block('check', 'c'), block('skip', 'skip-9')]
  expect(coverageOf({ blocks }, { blocks: [run('step', 'a', 'skipped'), run('step', 'a', 'ok'), run('check', 'b', 'skipped')] }))
    .toEqual({ ran: 1, blocks: 3, shownOnly: 1, missing: [{ name: 'b', reason: 'why' }, { name: 'c', reason: 'not in the result' }] })
  expect(coverageOf({ blocks }, undefined).ran).toBe(0)
})

test('columns stand in the order of targets and networks', () => {
  const cell = (target: string, cni: string) => ({ target, cni, standing: {} }) as never
  expect(columnsOf([cell('kind', 'cilium'), cell('k3d', 'flannel'), cell('kind', 'none'), cell('kind', 'flannel'), cell('kind', 'cilium')]).map(({ label }) => label))
    .toEqual(['kind, no cluster', 'kind, Flannel', 'kind, Cilium', 'k3d, Flannel'])
})

test('totals take nothing from a result that is not verified', () => {
  const blocks = [{ kind: 'step', status: 'ok' }, { kind: 'check', status: 'ok' }, { kind: 'check', status: 'skipped' }, { kind: 'drill', status: 'ok' }]
  const standing = (word: string) => ({ word, result: { blocks, finishedAt: word === 'verified' ? '2026-01-01' : '2026-01-02' } }) as never
  expect(totalsOf([{ word: 'verified', standings: [standing('verified')] }, { word: 'failed', standings: [standing('failed')] }]))
    .toEqual({ runbooks: 2, verified: 1, steps: 1, checks: 1, faults: 1, newest: '2026-01-02' })
})

test('of steps that were left out the newest word counts, of the page as it is', () => {
  const line = (step: string, at: string, caughtBy?: string, page = 'now'): LeftOut =>
    ({ schema: 1, runbook: 'a/b', target: 'kind', step, page, ...caughtBy === undefined ? {} : { caughtBy }, finishedAt: `2026-11-${at}T00:00:00.000Z` })
  const lines = [line('one', '20', 'check x'), line('two', '20', 'check x'), line('two', '21'), line('three', '19'), line('three', '18', 'step y'), line('four', '20', 'check x', 'before')]
  expect(leftOutOf({ id: 'a/b', sha256: 'now' }, lines)).toEqual({ tried: 3, caught: 1, survived: ['three', 'two'] })
  expect(leftOutOf({ id: 'a/c', sha256: 'now' }, lines)).toEqual({ tried: 0, caught: 0, survived: [] })
})

test('of steps after which a page was stopped the newest word counts, of the page as it is and in its order', () => {
  const line = (step: string, at: string, failed?: string, page = 'now'): AbortLine =>
    ({ schema: 1, runbook: 'a/b', target: 'kind', step, page, ...failed === undefined ? {} : { failed }, finishedAt: `2026-11-${at}T00:00:00.000Z` })
  const blocks = [{ kind: 'step', name: 'one' }, { kind: 'check', name: 'seen' }, { kind: 'step', name: 'two' }, { kind: 'step', name: 'three' }] as const
  const lines = [line('two', '21', 'a fact differs'), line('two', '20'), line('one', '20', 'a fact differs'), line('one', '22'), line('three', '23', 'x', 'before'), line('gone', '23', 'x')]
  const found = abortPointsOf({ id: 'a/b', sha256: 'now', blocks }, lines)
  expect(found).toEqual({ steps: 3, tried: 2, held: 1, failed: [{ step: 'two', reason: 'a fact differs' }], provenAt: '2026-11-22T00:00:00.000Z' })
  expect(abortNote(found)).toBe('back from 1 of 2 steps after which it was stopped')
  expect(abortPointsOf({ id: 'a/c', sha256: 'now', blocks }, lines)).toEqual({ steps: 3, tried: 0, held: 0, failed: [] })
})

test('a runbook says after how many of its steps it was stopped and undone, as status.json does', () => {
  for (const { id, abortPoints } of (statusOf(real).runbooks as unknown as { readonly id: string, readonly abortPoints: { readonly steps: number, readonly tried: number } }[])) {
    const text = squeezed(textOf(readPage(real, `/${id}/`).root))
    const sentence = `Stopped after ${abortPoints.tried} of its ${abortPoints.steps} steps, one at a time, and undone from there`
    expect(text.includes('one at a time, and undone from there'), id).toBe(abortPoints.tried > 0)
    if (abortPoints.tried > 0) expect(text, id).toContain(sentence)
  }
})

describe('mutants', () => {
  test('every patch belongs to a page of the book, and counts as kept only', () => {
    const kept = keptPatches()
    expect(kept.length).toBeGreaterThan(50)
    expect(mutantsOf({ id: 'haproxy/virtual-ip', sha256: 'x' }, kept, [])).toEqual({ kept: 4, caught: 0 })
  })

  test('every patch lies in the folder of its page, and says in its first line what catches it', () => {
    const folder = 'test/fixtures/mutants'
    for (const file of globSync('**/*.patch', { cwd: folder })) {
      const text = readFileSync(join(folder, file), 'utf8')
      expect(text, file).toMatch(/^# caught by: (?:(?:precheck|step|check|drill|rollback|cleanup) [a-z0-9-]+|the inventory before and after|the second pass|the downtime budget)\n/)
      expect(text, file).toContain(`\n+++ b/runbooks/${dirname(file)}.mdx\n`)
    }
  })

  test('one is caught only of the page and the patch as they are', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'mutants-'))
    const patch = '--- a/runbooks/a/b.mdx\n+++ b/runbooks/a/b.mdx\n'
    writeFileSync(join(folder, 'one.patch'), patch)
    const record: CaughtMutant = { schema: 1, runbook: 'a/b', mutant: 'one', page: 'page', patch: sha256(patch), caughtBy: 'check x', finishedAt: '2026-11-20T00:00:00.000Z' }
    const file = join(folder, 'deep/mutants.jsonl')
    await recordMutant(file, record)
    writeFileSync(file, '{"schema":1,"runb', { flag: 'a' })
    const caught = await readMutants(file)
    expect(mutantsOf({ id: 'a/b', sha256: 'page' }, keptPatches(folder), caught)).toEqual({ kept: 1, caught: 1, provenAt: record.finishedAt })
    expect(mutantsOf({ id: 'a/b', sha256: 'changed' }, keptPatches(folder), caught).caught).toBe(0)
    writeFileSync(join(folder, 'one.patch'), `${patch}# changed\n`)
    expect(mutantsOf({ id: 'a/b', sha256: 'page' }, keptPatches(folder), caught).caught).toBe(0)
  })
})
