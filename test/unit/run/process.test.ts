import { readFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { localTarget } from '../../../src/target/local.ts'

const host = localTarget().hosts[0]!

/** Whether a process runs; a zombie that nobody reaped does not count. */
function alive(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}

/** A grandchild in the background and one in the foreground; prints both ids and itself. */
const FAMILY = 'bash -c "sleep 300 & echo \\$!; echo \\$\\$; sleep 300" & echo $$; wait'

test('the time limit ends the whole process group', async () => {
  const outcome = await host.bash(FAMILY, { timeout: 700 })
  expect(outcome).toMatchObject({ exit: 124, timedOut: true })
  const pids = outcome.stdout.trim().split('\n').map(Number)
  expect(pids).toHaveLength(3)
  expect(pids.filter(alive)).toEqual([])
})

test('what ignores SIGTERM gets SIGKILL after the grace time', async () => {
  const outcome = await host.bash('trap "" TERM; echo $$; sleep 300; sleep 300', { timeout: 300 })
  expect(outcome.timedOut).toBe(true)
  expect(outcome.durationMs).toBeGreaterThan(4_500)
  expect(alive(Number(outcome.stdout))).toBe(false)
})

test('an abort ends the group, and the promise waits for its end', async () => {
  const controller = new AbortController()
  let printed = ''
  const running = host.bash(FAMILY, { timeout: 60_000, signal: controller.signal, onOutput: chunk => { printed += chunk } })
  while (printed.split('\n').length < 4) await wait(10)
  controller.abort()
  const outcome = await running
  expect(outcome.timedOut).toBe(false)
  expect(printed.trim().split('\n').map(Number).filter(alive)).toEqual([])
})

test('the process group of a block that ended well is left alone', async () => {
  const outcome = await host.bash('sleep 300 >/dev/null 2>&1 & echo $!', { timeout: 10_000 })
  const pid = Number(outcome.stdout)
  expect(outcome.exit).toBe(0)
  expect(alive(pid)).toBe(true)
  process.kill(pid)
})

test('a daemon that holds the outputs open does not hold the block', async () => {
  const outcome = await host.bash('sleep 300 & echo $!', { timeout: 10_000 })
  expect(outcome).toMatchObject({ exit: 0, timedOut: false })
  expect(outcome.durationMs).toBeLessThan(3_000)
  process.kill(Number(outcome.stdout))
})

test('a large script arrives whole', async () => {
  const lines = Array.from({ length: 60_000 }, (_, i) => `: ${i} äöü`).join('\n')
  const outcome = await host.bash(`${lines}\necho end\n`, { timeout: 10_000 })
  expect(outcome.stdout).toBe('end\n')
})

test('a shell that cannot be started is a transport error', async () => {
  const nowhere = localTarget({ cwd: '/does/not/exist' }).hosts[0]!
  const outcome = await nowhere.bash('true', { timeout: 1_000 })
  expect(outcome).toMatchObject({ exit: 255, transportError: expect.stringContaining('ENOENT') })
})

test('a file that cannot be written fails the block with the reason', async () => {
  const outcome = await host.write('/dev/null/such', 'x', { timeout: 1_000 })
  expect(outcome.exit).toBe(1)
  expect(outcome.stderr).toContain('/dev/null')
})
