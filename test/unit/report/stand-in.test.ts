import { expect, test } from 'vitest'
import { standInOf } from '../../../src/report/stand-in.ts'
import { html } from '../../../src/report/html.ts'
import { standingOf, toneOf } from '../../../src/site/results/standing.ts'
import { supplyGroups } from '../../../src/site/results/lines.ts'
import { parseRunbook } from '../../../src/runbook/parse.ts'
import type { ImageRecord } from '../../../src/target/target.ts'
import { sampleResult } from './sample.ts'

const k3s: ImageRecord = { name: 'proofbook/k3s-standin', version: 'v1.36.4', supply: 'stand-in', id: 'sha256:0123456789abcdef', note: 'a stand-in for k3s, not k3s' }
const built: ImageRecord = { name: 'proofbook/host', version: 'bookworm', supply: 'built', id: 'sha256:1', note: 'our image' }

test('a stand-in is found among the images of a lab, and our own builds are none', () => {
  expect(standInOf([built, k3s])).toBe('proofbook/k3s-standin v1.36.4')
  expect(standInOf([built])).toBeUndefined()
})

test('on the site it is never green, and says why', () => {
  const { runbook } = parseRunbook('---\ntitle: T\ndescription: D.\nrisk: read-only\n---\n\n```bash check=there\ntrue\n```\n', { id: 't/page', path: 't/page.mdx' })
  const now = Date.parse(sampleResult().finishedAt)
  const fresh = { source: { path: 't/page.mdx', sha256: runbook!.sha256 } }
  const { word, reason } = standingOf(runbook!, 'k3d', sampleResult({ ...fresh, verdict: 'stand-in', standIn: 'proofbook/k3s-standin v1.36.4' }), now)
  expect([word, toneOf[word]]).toEqual(['not run', 'none'])
  expect(reason).toContain('stand-in only (proofbook/k3s-standin v1.36.4)')
  expect(standingOf(runbook!, 'k3d', sampleResult(fresh), now).word).toBe('verified')
})

test('images on the site and the report\'s verdict call it by its name', () => {
  expect(supplyGroups([k3s, built])).toEqual([
    { supply: 'A stand-in for k3s, not k3s', images: [{ name: 'proofbook/k3s-standin:v1.36.4', id: '0123456789ab' }] },
    { supply: 'Our image', images: [{ name: 'proofbook/host:bookworm', id: '1' }] },
  ])
  const page = html(sampleResult({ verdict: 'stand-in', reason: 'all of it held on x', standIn: 'x' }))
  expect(page).toContain('<span class="chip stand-in">stand-in</span> all of it held on x')
  expect(page).not.toContain('chip verified')
})
