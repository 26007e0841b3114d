/** The HAProxy runbook on a real cluster: it holds, every byte is the page's, and three mutants of it do not hold. */
import { execFile } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Result } from '../../src/report/result.ts'
import { parseRunbook } from '../../src/runbook/parse.ts'
import { fill } from '../../src/runbook/variables.ts'
import { proofbook, root, type Options } from './proofbook.ts'

const run = promisify(execFile)
const ID = 'haproxy/external-load-balancer'
const LAB = 'e2e'
const CONTAINERS = { lb: 'lb', client: 'client', s1: 'control-plane', s2: 'worker', s3: 'worker2' }
const path = join(root, `runbooks/${ID}.mdx`)

const inHost = async (host: keyof typeof CONTAINERS, script: string): Promise<string> =>
  (await run('docker', ['exec', `proofbook-${LAB}-${CONTAINERS[host]}`, 'sh', '-ec', script], { maxBuffer: 64 << 20 })).stdout

/** Stands before the real bash in PATH, keeps what arrives for it, and hands it on. */
const RECORDER = `mkdir -p /var/tmp/received
cat > /usr/sbin/bash <<'SH'
#!/usr/bin/bash
case "$*" in *' /dev/fd/3') ;; *) exec /usr/bin/bash "$@" ;; esac
script=/var/tmp/received/$(date +%s%N)-$$
cat <&3 > "$script"
exec /usr/bin/bash -eo pipefail "$script" 3<&-
SH
chmod 755 /usr/sbin/bash`

async function verify(options: Options = {}): Promise<{ exit: number | null, result: Result, stderr: string }> {
  const { exit, stdout, stderr } = await proofbook(['verify', ID, '--on', 'kind', '--lab', LAB, '--json'], options)
  return { exit, result: JSON.parse(stdout).result, stderr }
}

beforeAll(async () => {
  const { exit } = await proofbook(['setup', '--yes'])
  expect(exit).toBe(0)
  expect((await proofbook(['lab', 'up', '--lab', LAB])).exit).toBe(0)
})

afterAll(async () => {
  await proofbook(['lab', 'down', '--lab', LAB])
  const { stdout } = await run('docker', ['ps', '--all', '--quiet', '--filter', `label=proofbook.lab=${LAB}`])
  expect(stdout, 'containers left behind').toBe('')
})

describe('the page as it is', () => {
  let result: Result
  let exit: number | null

  beforeAll(async () => {
    await Promise.all((Object.keys(CONTAINERS) as (keyof typeof CONTAINERS)[]).map(host => inHost(host, RECORDER)));
    ({ exit, result } = await verify())
  })

  test('is verified: no retry, nothing left behind', () => {
    expect(result.failure).toBeUndefined()
    expect(result).toMatchObject({ verdict: 'verified', retries: 0, leftBehind: [] })
    expect(exit).toBe(0)
  })

  test('ran every block, save those of another distribution', () => {
    const { runbook } = parseRunbook(readFileSync(path), { id: ID, path })
    for (const { kind, name, condition } of runbook?.blocks ?? []) {
      const elsewhere = condition?.value === 'k3s'
      const ran = result.blocks.filter(block => block.kind === kind && block.name === name)
      expect(ran, `${kind} ${name}`).not.toEqual([])
      for (const { status } of ran) expect(status, `${kind} ${name}`).toBe(elsewhere && kind !== 'rollback' ? 'skipped' : elsewhere ? status : 'ok')
    }
  })

  test('names the versions that ran and where each image came from', () => {
    expect(result.versions).toMatchObject({ haproxy: expect.stringMatching(/^2\.6/), kubernetes: expect.stringMatching(/^v1\.36/), traefik: expect.stringMatching(/3\.6\.12/) })
    expect(result.images.length).toBeGreaterThan(0)
  })

  test('what bash received on each host is what the page says, byte for byte', async () => {
    const { runbook } = parseRunbook(readFileSync(path), { id: ID, path })
    const defaults = Object.fromEntries(runbook?.variables.map(variable => [variable.name, variable.default]) ?? [])
    expect(result.values).toEqual(defaults)
    const page = new Set(runbook?.blocks.filter(({ action }) => action.type === 'bash').map(({ text }) => fill(text, defaults)))
    const seen = new Set<string>()
    for (const host of Object.keys(CONTAINERS) as (keyof typeof CONTAINERS)[]) {
      const files = (await inHost(host, 'ls /var/tmp/received')).split('\n').filter(Boolean)
      for (const file of files) {
        const received = await inHost(host, `cat /var/tmp/received/${file}`)
        expect(page.has(received), `${host} received what the page does not say:\n${received}`).toBe(true)
        seen.add(received)
      }
    }
    const onHosts = runbook?.blocks.filter(({ action, on, condition, kind }) =>
      action.type === 'bash' && on !== 'lab' && condition?.value !== 'k3s' && kind !== 'skip') ?? []
    for (const { kind, name, text } of onHosts) expect(seen.has(fill(text, defaults)), `${kind} ${name} never arrived`).toBe(true)
  })
})

describe.each([
  ['backends-removed', 'every-server-is-up', /exit 1/],
  ['check-path-wrong', 'every-server-is-up', /L7STS,403/],
  ['reload-dropped', 'listens', /:6443/],
  // Minutes each: at night, and whenever asked for.
  ...process.env.PROOFBOOK_ALL_MUTANTS ? [
    ['redispatch-removed', /loses?-nothing/, /exit/],
    ['timeouts-short', 'quiet-watch', /exit 1/],
  ] as const : [],
] as const)('the mutant %s', (mutant, block, why) => {
  test('fails for its own reason', async () => {
    const book = mkdtempSync(join(tmpdir(), 'proofbook-mutant-'))
    try {
      cpSync(join(root, 'runbooks'), join(book, 'runbooks'), { recursive: true })
      await run('git', ['apply', join(root, `test/fixtures/mutants/${mutant}.patch`)], { cwd: book })
      const { exit, result } = await verify({ cwd: book, as: `${mutant}, which must fail ` })
      expect(result.verdict).toBe('failed')
      expect(exit).toBe(1)
      expect(result.failure?.name).toEqual(typeof block === 'string' ? block : expect.stringMatching(block))
      expect(`${result.failure?.received}\n${result.failure?.message}\n${result.failure?.tail}`).toMatch(why)
    } finally {
      rmSync(book, { recursive: true, force: true })
    }
  })
})
