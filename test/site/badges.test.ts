import { globSync } from 'node:fs'
import { describe, expect, inject, test } from 'vitest'
import { all, attribute, blockOf, hasClass, one, readPage, squeezed, textOf, type Page } from './html.ts'

const { fixture, real } = inject('sites')

const standing = (page: Page, target: string) => one(page.root, element => element.tagName === 'li' && attribute(element, 'data-target') === target)
const chip = (page: Page, target: string) => one(standing(page, target), element => hasClass(element, 'chip'))

const states = [
  { id: 'second-address', word: 'verified', tone: 'good', reason: /every block ran and held/i },
  { id: 'too-old', word: 'stale', tone: 'caution', reason: /51 days ago, good for 30 days/ },
  { id: 'changed', word: 'stale', tone: 'caution', reason: /page has changed/ },
  { id: 'flaky', word: 'flaky', tone: 'caution', reason: /second run/ },
  { id: 'failed', word: 'failed', tone: 'bad', reason: /did not hold/ },
  { id: 'nothing', word: 'not run', tone: 'none', reason: /never verified/i },
  { id: 'forged', word: 'not run', tone: 'none', reason: /haproxy-forged\.kind\.json is refused: its digest is not that of what it says/ },
  { id: 'lab-broke', word: 'not run', tone: 'none', reason: /host lb did not answer/i },
]

describe.each(states)('$id', ({ id, word, tone, reason }) => {
  const page = readPage(fixture, `/haproxy/${id}/`)

  test(`is ${word} under the title, with an icon and the reason`, () => {
    const badge = chip(page, 'kind')
    expect(squeezed(textOf(badge))).toBe(`kind: ${word}`)
    expect(attribute(badge, 'data-tone')).toBe(tone)
    expect(attribute(badge, 'title')).toMatch(reason)
    expect(all(badge, ({ tagName }) => tagName === 'svg')).toHaveLength(1)
  })

  test('has the same word on the status page', () => {
    const row = one(readPage(fixture, '/status/').root, element => element.tagName === 'tr'
      && all(element, link => attribute(link, 'href') === `/haproxy/${id}/`).length > 0
      && all(element, ({ tagName }) => tagName === 'code').some(code => textOf(code) === 'kind'))
    expect(attribute(one(row, element => hasClass(element, 'chip')), 'data-word')).toBe(word)
  })

  test('has its worst word in the sidebar of every page', () => {
    const expected = id === 'second-address' ? 'not run' : word
    const link = one(readPage(fixture, '/status/').root, element => element.tagName === 'a' && attribute(element, 'href') === `/haproxy/${id}/`
      && all(element, badge => hasClass(badge, 'sl-badge')).length > 0)
    expect(textOf(one(link, element => hasClass(element, 'sl-badge')))).toBe(expected)
  })
})

test('a target without a verdict says why and how to get one', () => {
  const page = readPage(fixture, '/haproxy/second-address/')
  expect(squeezed(textOf(standing(page, 'hosts')))).toContain('Run, not verified. Try: npx proofbook run haproxy/second-address --inventory hosts.yaml')
  const nothing = readPage(fixture, '/haproxy/nothing/')
  expect(squeezed(textOf(standing(nothing, 'kind')))).toContain('No result yet: npx proofbook verify haproxy/nothing --on kind')
})

test('our own builds are called that', () => {
  const page = readPage(fixture, '/haproxy/second-address/')
  const supply = one(standing(page, 'kind'), element => hasClass(element, 'supply'))
  expect(textOf(supply)).toContain('built from Go modules')
  expect(attribute(supply, 'title')).toMatch(/1 image of 2 .* kindest\/node v1\.36\.4$/)
})

test('images are grouped by where they came from', () => {
  const page = readPage(fixture, '/haproxy/second-address/')
  const rows = all(one(page.root, element => hasClass(element, 'images')), ({ tagName }) => tagName === 'tr').slice(1)
  expect(rows.map(row => squeezed(textOf(row)))).toEqual([
    'Our own build: Kubernetes from its Go modules kindest/node:v1.36.4 0123456789ab', 'Pulled from upstream traefik:3.6.12 fedcba987654',
  ])
})

test('a block shows its last run on every host: time, tries, exit, transcript', () => {
  const block = blockOf(readPage(fixture, '/haproxy/second-address/'), 'check', 'declared')
  const run = one(block, element => hasClass(element, 'run'))
  expect(squeezed(textOf(one(run, ({ tagName }) => tagName === 'summary')))).toContain('Last run: ok 3 times, 8.8 s')
  const figures = all(run, element => hasClass(element, 'transcript'))
  expect(figures.map(figure => squeezed(textOf(one(figure, ({ tagName }) => tagName === 'figcaption')))))
    .toEqual(['s1 · ok in 3.1 s, 4 tries · exit 0', 's2 · ok in 2.9 s · exit 0', 's3 · ok in 2.8 s · exit 0'].map(text => `${text} · 20 Nov 2026, 09:30 UTC`))
  expect(textOf(one(figures[0]!, ({ tagName }) => tagName === 'code'))).toBe('ü → ✓ 192.168.0.45:8080 plain\n<b>not markup</b>\n')
  expect(textOf(one(block, element => hasClass(element, 'block-facts')))).toBe('tried for up to 10 s, until it holds 3 times in a row')
})

test('a block that was skipped says why, and has no transcript', () => {
  const block = blockOf(readPage(fixture, '/haproxy/second-address/'), 'step', 'look')
  expect(textOf(block)).toContain('Last run: skipped: only where distro is k3s, here it is kubeadm')
  expect(all(block, element => hasClass(element, 'transcript'))).toEqual([])
})

test('a failure shows what was expected, received and left behind', () => {
  const proof = one(readPage(fixture, '/haproxy/failed/').root, element => hasClass(element, 'proof'))
  expect(textOf(proof)).toMatch(/Expected\s*exit 0\s*Received\s*exit 1/)
  expect(textOf(proof)).toContain('file lb /tmp/failed')
})

test('what the checks printed is shown as figures', () => {
  const page = readPage(fixture, '/haproxy/second-address/')
  expect(all(page.root, element => hasClass(element, 'figure')).map(figure => squeezed(textOf(figure)))).toEqual(['requests 600', 'failed 0', 'slowest 180 ms'])
})

test('the rail lists the steps under their headings, when it fails, undo and the proof', () => {
  const rail = one(readPage(fixture, '/haproxy/second-address/').root, ({ tagName }) => tagName === 'starlight-toc')
  expect(all(rail, ({ tagName }) => tagName === 'a').map(link => squeezed(textOf(link)))).toEqual([
    'Overview', 'Before you start', '1. Declare the address', 'Step 1: Declare', '2. Bring it up', 'Step 2: Up', 'Step 3: Announce', 'Step 4: Look',
    'When it fails', 'Undo all of it', 'How this was verified',
  ])
})

test('undo is listed last step first', () => {
  const list = one(readPage(fixture, '/haproxy/second-address/').root, element => hasClass(element, 'undo-all'))
  expect(all(list, ({ tagName }) => tagName === 'a').map(link => attribute(link, 'href'))).toEqual(['#undo-announce', '#undo-up', '#undo-declare'])
})

test('the sidebar is in the order of the book', () => {
  const sidebar = one(readPage(real, '/status/').root, element => attribute(element, 'id') === 'starlight__sidebar')
  const links = all(sidebar, ({ tagName }) => tagName === 'a').map(link => attribute(link, 'href'))
  const [first, last] = [links.indexOf('/nodes/etcd-backup-and-restore/'), links.indexOf('/troubleshooting/')]
  expect(links.slice(0, first)).toEqual(['/', '/prove/', '/run/', '/policies/', '/safety/', '/choose/cni/', '/choose/load-balancer/'])
  expect(links.slice(last)).toEqual(['/troubleshooting/', '/reference/ports/', '/reference/glossary/', '/status/', '/claims/', '/write/runbook/', '/write/fences/', '/write/values/', '/write/commands/', '/write/results/', '/write/ci/'])
  const pages = links.slice(first, last).map(link => link?.slice(1, -1) ?? '')
  const chapters = pages.map(page => page.split('/')[0])
  expect(chapters.filter((chapter, index) => chapter !== chapters[index - 1])).toEqual(['nodes', 'haproxy', 'cni', 'policy', 'services', 'troubleshooting'])
  expect(pages.indexOf('cni/know-your-cni')).toBeLessThan(pages.indexOf('cni/flannel-to-cilium'))
  expect(new Set(pages)).toEqual(new Set(globSync('*/*.mdx', { cwd: 'runbooks' }).map(file => file.slice(0, -'.mdx'.length))))
})
