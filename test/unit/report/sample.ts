import type { BlockResult, Result } from '../../../src/report/result.ts'

export function blockResult(extra: Partial<BlockResult> = {}): BlockResult {
  return {
    kind: 'step', name: 'install', host: 'lb', line: 40, phase: 'steps', status: 'ok', exit: 0, attempts: 1,
    startedAt: '2026-11-21T09:31:12.000Z', durationMs: 6_200, transcript: 'done\n', ...extra,
  }
}

export function sampleResult(extra: Partial<Result> = {}): Result {
  return {
    schema: 1, proofbook: '0.1.0', runbook: 'haproxy/lb', title: 'HAProxy', target: 'kind',
    source: { path: 'runbooks/haproxy/lb.mdx', sha256: 'a'.repeat(64) }, verdict: 'verified',
    startedAt: '2026-11-21T09:31:00.000Z', finishedAt: '2026-11-21T09:32:37.000Z', durationMs: 97_000, verifiedForMs: 30 * 86_400_000,
    values: {}, versions: {}, images: [], topology: 'load-balancer', cni: 'any', retries: 0, leftBehind: [], blocks: [blockResult()],
    ...extra,
  }
}
