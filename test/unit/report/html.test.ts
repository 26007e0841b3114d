import { expect, test } from 'vitest'
import { html } from '../../../src/report/html.ts'
import { terminal } from '../../../src/report/html-text.ts'
import { blockResult, sampleResult } from './sample.ts'

const nasty = '<script>alert(1)</script>"\'&'

test('nothing of a run gets out as markup, and the file asks for nothing', () => {
  const page = html(sampleResult({
    title: nasty, runbook: nasty, reason: nasty, values: { [nasty]: nasty }, versions: { a: nasty }, leftBehind: [nasty],
    failure: { host: nasty, kind: 'step', name: nasty, line: 1, message: nasty, received: nasty, expected: nasty, tail: nasty, hint: nasty },
    images: [{ name: nasty, version: nasty, supply: 'built', id: nasty, note: nasty }],
    blocks: [blockResult({ name: nasty, host: nasty, transcript: nasty, sent: nasty, reason: nasty })],
  }))
  expect(page).not.toContain('<script')
  expect(page.match(/&lt;script&gt;alert\(1\)/g)?.length).toBeGreaterThan(15)
  expect(page).not.toMatch(/\b(?:src|href|url)\s*[=(]/)
})

test('links what was saved after a failure, and nothing outside of the run\'s folder', () => {
  const page = html(sampleResult({ verdict: 'failed', diagnostics: ['diagnostics/s1/iptables.txt', `diagnostics/${nasty}`] }))
  expect(page.match(/href="[^"]*"/g)).toEqual(['href="diagnostics/s1/iptables.txt"', 'href="diagnostics/%3Cscript%3Ealert(1)%3C/script%3E%22\'&amp;"'])
})

test('the picture of the times: a bar for what ran, in its place and of its length, and words for who cannot see it', () => {
  const page = html(sampleResult({ durationMs: 10_000, startedAt: '2026-11-21T09:31:00.000Z', blocks: [
    blockResult({ name: 'late', startedAt: '2026-11-21T09:31:05.000Z', durationMs: 5_000, status: 'failed' }),
    blockResult({ name: 'early', startedAt: '2026-11-21T09:31:00.000Z', durationMs: 1_000 }),
    blockResult({ name: 'never', status: 'not-run' }),
  ] }))
  expect(page.match(/<rect [^>]*>/g)).toEqual([
    '<rect class="ok step" x="300.0" y="3" width="62.0" height="10" rx="1.5"/>',
    '<rect class="failed step" x="610.0" y="19" width="310.0" height="10" rx="1.5"/>',
  ])
  expect(page).toContain('2 blocks in 10 s; the longest is late with 5.0 s')
  expect(html(sampleResult({ blocks: [] }))).not.toContain('<svg')
})

test('tells every phase, what was sent and what was printed', () => {
  const page = html(sampleResult({ blocks: [
    blockResult({ phase: 'precheck', name: 'free' }), blockResult({ sent: 'echo sent' }),
    blockResult({ phase: 'after-rollback', name: 'free' }), blockResult({ name: 'k3s', status: 'skipped', reason: 'only on k3s' }),
  ] }))
  for (const text of ['Before', 'What held before holds again', 'echo sent', 'done', 'only on k3s', 'verified', '1 min 37 s']) expect(page).toContain(text)
})

test('colours of a terminal stay, every other sequence goes', () => {
  expect(terminal('a\u001B[1;31mred <b>\u001B[0m b\u001B[2K\u001B]0;title\u0007c\u001B[92mlight\u001B[39m\r\u0000'))
    .toBe('a<span class="bold red">red &lt;b&gt;</span> bc<span class="green">light</span>')
  expect(terminal('cut \u001B[3')).toBe('cut [3')
})
