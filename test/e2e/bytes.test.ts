/** What arrives on a host is the page, byte for byte; and a page that is wrong in one line fails there. */
import { execFile } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { bringUp } from '../../src/lab/lab.ts'
import { topologyNamed } from '../../src/lab/topology/topologies.ts'
import { caughtBy } from '../../src/report/mutants.ts'
import type { Result } from '../../src/report/result.ts'
import { probeOf } from '../../src/run/service.ts'
import { parseRunbook } from '../../src/runbook/parse.ts'
import { fill } from '../../src/runbook/variables.ts'
import { labGone } from './lab-gone.ts'
import { folder, mutantFolder, namedBy, withMutant } from './mutant.ts'
import { proofbook, root, type Options } from './proofbook.ts'
import { progress } from './progress.ts'

const run = promisify(execFile)
// Blocks on four hosts, some in the background, with values in most of them; and a lab that is there in seconds.
const ID = 'haproxy/tls-passthrough-or-termination'
const LAB = 'e2e-bytes'
const HOSTS = ['lb', 'lb2', 's1', 'client']
const path = join(root, `runbooks/${ID}.mdx`)

const inHost = async (host: string, script: string): Promise<string> =>
  (await run('docker', ['exec', `proofbook-${LAB}-${host}`, 'sh', '-ec', script], { maxBuffer: 64 << 20 })).stdout

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

async function verify(options: Options = {}): Promise<{ exit: number | null, result: Result }> {
  const { exit, stdout } = await proofbook(['verify', ID, '--on', 'kind', '--lab', LAB, '--json'], options)
  return { exit, result: JSON.parse(stdout).result }
}

beforeAll(async () => {
  expect((await proofbook(['setup', '--yes'])).exit).toBe(0)
  await bringUp({ name: LAB, target: 'kind', topology: topologyNamed('no-cluster'), cni: 'any' }, progress, { signal: new AbortController().signal })
})

afterAll(() => labGone(LAB))

test('what bash received on each host is what the page says, byte for byte', async () => {
  await Promise.all(HOSTS.map(host => inHost(host, RECORDER)))
  const { exit, result } = await verify()
  expect(result.failure).toBeUndefined()
  expect(exit).toBe(0)

  const { runbook } = parseRunbook(readFileSync(path), { id: ID, path })
  const defaults = Object.fromEntries(runbook?.variables.map(variable => [variable.name, variable.default]) ?? [])
  expect(result.values).toEqual(defaults)
  const bash = runbook?.blocks.filter(({ action }) => action.type === 'bash') ?? []
  // What `ready=` of the page stands for is asked of the host too.
  const asked = bash.flatMap(({ ready }) => ready === undefined ? [] : probeOf(ready) ?? [])
  const page = new Set([...bash.map(({ text }) => fill(text, defaults)), ...asked])
  const seen = new Set<string>()
  for (const host of HOSTS) {
    const files = (await inHost(host, 'ls /var/tmp/received')).split('\n').filter(Boolean)
    expect(files.length, host).toBeGreaterThan(0)
    for (const file of files) {
      const received = await inHost(host, `cat /var/tmp/received/${file}`)
      expect(page.has(received), `${host} received what the page does not say:\n${received}`).toBe(true)
      seen.add(received)
    }
  }
  for (const { kind, name, text } of bash) expect(seen.has(fill(text, defaults)), `${kind} ${name} never arrived`).toBe(true)
})

// All mutants of every page are run by mutants.test.ts, at night.
test('a mutant that does not offer HTTP/2 fails for that reason', async () => {
  const patch = join(folder, ID, 'no-http2.patch')
  const cwd = mutantFolder()
  onTestFinished(() => rmSync(cwd, { recursive: true }))
  const { exit, result } = await withMutant(cwd, patch, verify)
  expect(result.verdict).toBe('failed')
  expect(exit).toBe(1)
  expect(caughtBy(result)).toBe(namedBy(patch))
  expect(result.failure?.received).toContain('+ HTTP/1.1')
})
