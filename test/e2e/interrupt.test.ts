/** Ctrl-C while a lab is made: it is a terminal's Ctrl-C, a SIGINT to the whole process group. */
import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, expect, test } from 'vitest'
import { proofbook, reaches, root, signalGroup, start } from './proofbook.ts'

const run = promisify(execFile)
const LAB = 'interrupted'
const VERIFY = ['verify', 'haproxy/external-load-balancer', '--on', 'kind', '--lab', LAB]

afterAll(() => proofbook(['lab', 'down', '--lab', LAB]))

async function ofLab(what: 'container' | 'network' | 'volume'): Promise<string> {
  const all = what === 'container' ? ['--all'] : []
  return (await run('docker', [what, 'ls', ...all, '--quiet', '--filter', `label=proofbook.lab=${LAB}`])).stdout
}

test('while the cluster is created: no container, network or folder stays', async () => {
  const started = start(VERIFY)
  await reaches(started, /start the hosts lb and client/)
  expect(await ofLab('container'), 'nothing was there to remove: this test proves nothing').not.toBe('')
  signalGroup(started, 'SIGINT')
  expect((await started.ended).exit).toBe(130)
  for (const what of ['container', 'network', 'volume'] as const) expect(await ofLab(what)).toBe('')
  expect((await run('docker', ['ps', '--all', '--format', '{{.Names}}'])).stdout).not.toContain(`proofbook-${LAB}-`)
  expect(existsSync(join(root, '.proofbook/labs', LAB))).toBe(false)
})

test('while programs and images are built: no process and no temporary folder stays', async () => {
  const cache = mkdtempSync(join(tmpdir(), 'proofbook-cache-'))
  try {
    const started = start(VERIFY, { env: { XDG_CACHE_HOME: cache } })
    await reaches(started, /(?:fetch|build|install) .+ … /)
    signalGroup(started, 'SIGINT')
    expect((await started.ended).exit).toBe(130)
    const { stdout } = await run('ps', ['-eo', 'pid,args'])
    expect(stdout.split('\n').filter(line => line.includes(cache))).toEqual([])
    const temporary = join(cache, 'proofbook/tmp')
    expect(existsSync(temporary) ? readdirSync(temporary) : []).toEqual([])
  } finally {
    // The Go module cache holds read-only folders where it was not asked otherwise.
    rmSync(cache, { recursive: true, force: true, maxRetries: 3 })
  }
})
