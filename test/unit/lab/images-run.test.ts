import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { ask, CommandFailed, run } from '../../../src/lab/images/run.ts'

let folder: string
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'proofbook-test-')) })
afterEach(() => { rmSync(folder, { recursive: true }) })

const alive = (pid: number): boolean => {
  try {
    // a zombie still has an entry; what counts is whether it runs
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}

/** A shell with a grandchild in the background, whose pids it writes down. */
const family = (file: string) => ['sh', '-c', 'sleep 60 & echo $$ $! > "$1"; wait', 'sh', file]

async function pidsIn(file: string): Promise<number[]> {
  return vi.waitFor(() => {
    const pids = readFileSync(file, 'utf8').trim().split(' ').map(Number)
    expect(pids).toHaveLength(2)
    return pids
  }, 5_000)
}

test('arguments arrive as they are, output comes back, lines are told', async () => {
  const lines: string[] = []
  const out = await run(['sh', '-c', 'echo "$1"; echo one >&2; printf two >&2; echo >&2', 'sh', '$(x) "quoted" \'a\' \n*'], { onLine: (line) => { lines.push(line) } })
  expect(out).toBe('$(x) "quoted" \'a\' \n*\n')
  expect(lines).toEqual(['one', 'two'])
})

test('a failure names the command, its code and its last words', async () => {
  const error = await run(['sh', '-c', 'echo no such thing >&2; exit 3']).catch((caught: unknown) => caught)
  expect(error).toBeInstanceOf(CommandFailed)
  expect(error).toMatchObject({ exit: 3 })
  expect((error as Error).message).toMatch(/^sh -c .*: exit 3\nno such thing$/)
  expect(await ask(['sh', '-c', 'exit 3'])).toBeUndefined()
  expect(await ask(['/does/not/exist'])).toBeUndefined()
})

test('an abort ends all that the program started, before it is told', async () => {
  const file = join(folder, 'pids')
  const abort = new AbortController()
  const running = run(family(file), { signal: abort.signal })
  const pids = await pidsIn(file)
  expect(pids.map(alive)).toEqual([true, true])
  abort.abort(new Error('interrupted'))
  await expect(running).rejects.toThrow('interrupted')
  expect(pids.map(alive)).toEqual([false, false])
})

test('a time limit does the same, and says so', async () => {
  const file = join(folder, 'pids')
  await expect(run(family(file), { timeout: 500 })).rejects.toThrow('no end after 500 ms')
  expect((await pidsIn(file)).map(alive)).toEqual([false, false])
})

test('a program that ends without reading its input is judged by its exit code', async () => {
  const input = 'x'.repeat(10_000_000)
  expect(await run(['true'], { input })).toBe('')
  await expect(run(['sh', '-c', 'echo no >&2; exit 3'], { input })).rejects.toThrow(/exit 3\nno/)
})
