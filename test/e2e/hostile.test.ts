/** Steps that do what steps should not, each through the whole command line on this machine. */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { book, fence, type Book } from './cli-book.ts'

const run = ['run', 'a/page', '--target', 'local', '--yes']
const step = (text: string, more = ''): string => fence(`bash step=hostile rollback="none: test" ${more}`, text)
const AFTER = fence('bash step=after rollback="none: test"', 'echo and-on')

const folderOf = ({ runs }: Book): string => join(runs, readdirSync(runs)[0]!)

/** Whether a process runs; a zombie that nobody reaped does not count. */
function alive(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}

const MB = 1024 * 1024

test('100 MB of output: all of it in the transcript, both ends on the terminal, little in memory and in the result', async () => {
  const one = book({ 'a/page': step(`yes 'a line of output that is repeated' | head -c ${100 * MB} || true; echo; echo the-last-line`) + AFTER })
  const { exit, stderr } = await one.cli(run, { NODE_OPTIONS: `--import=${join(import.meta.dirname, 'peak-preload.mjs')}` })
  expect(exit).toBe(0)
  expect(Number(/^peak (\d+)$/m.exec(stderr)?.[1]) / 1024, 'MB').toBeLessThan(150)
  expect(statSync(join(folderOf(one), 'transcripts/01-hostile.txt')).size).toBe(100 * MB + '\nthe-last-line\n'.length)
  expect(stderr).toContain('a line of output that is repeated')
  expect(stderr).toMatch(/\[… \d{7} lines left out, the transcript has them …\]/)
  expect(stderr).toContain('the-last-line')
  expect(stderr.length).toBeLessThan(20_000)
  const result = readFileSync(join(folderOf(one), 'result.json'), 'utf8')
  expect(result.length).toBeLessThan(100_000)
  expect(result).toContain('the-last-line')
})

test('binary output: no control character reaches the terminal, the journal stays readable', async () => {
  const one = book({ 'a/page': step(String.raw`head -c 3000000 /dev/urandom; printf '\0\033[2J\033]0;title\007\036x\377\n'`) + AFTER })
  const { exit, stderr } = await one.cli(run)
  expect(exit).toBe(0)
  // oxlint-disable-next-line no-control-regex
  expect(stderr.replaceAll(/\u001B\[[0-9;]*m/g, '')).not.toMatch(/[\u0000-\u0008\u000B-\u001F\u007F]/)
  expect(stderr).toContain('and-on')
  for (const line of readFileSync(join(folderOf(one), 'journal.jsonl'), 'utf8').trim().split('\n')) JSON.parse(line)
  expect((await one.cli(['runs', 'export', 'last', '--format', 'junit'])).exit).toBe(0)
})

test('a daemon that holds its outputs open holds nobody up, and is left alone', async () => {
  const { cli } = book({ 'a/page': step('sleep 300 & echo daemon $!') + AFTER })
  const started = performance.now()
  const { exit, stderr } = await cli(run)
  expect(exit).toBe(0)
  expect(performance.now() - started).toBeLessThan(15_000)
  const daemon = Number(/daemon (\d+)/.exec(stderr)?.[1])
  expect(alive(daemon)).toBe(true)
  process.kill(daemon)
  expect(stderr).toContain('and-on')
})

test('a step that reads standard input finds it empty, and does not eat the script', async () => {
  const { cli } = book({ 'a/page': step('cat; read -r line || echo "nothing to read"; cat /dev/stdin; echo still-here') + AFTER })
  const { exit, stderr } = await cli(run)
  expect(exit).toBe(0)
  expect(stderr).toMatch(/nothing to read[^]*still-here[^]*and-on/)
})

test('a step that ignores SIGTERM is ended when its time is up', async () => {
  const { cli } = book({ 'a/page': step('trap "" TERM; echo pid $$; while :; do sleep 1 || true; done', 'timeout=1s') + AFTER })
  const started = performance.now()
  const { exit, stderr } = await cli(run)
  expect(exit).toBe(1)
  expect(stderr).toContain('did not end in time')
  expect(performance.now() - started).toBeLessThan(30_000)
  expect(alive(Number(/pid (\d+)/.exec(stderr)?.[1]))).toBe(false)
  expect(stderr).not.toContain('and-on')
})

test.each([['itself', 'kill -KILL $$'], ['its whole process group', 'kill -KILL 0']])('a step that kills %s fails with 137 and is no lost host', async (_, kill) => {
  const { cli } = book({ 'a/page': step(`echo before; ${kill}; echo never`) + AFTER })
  const { exit, stdout, stderr } = await cli([...run, '--json'])
  expect(exit).toBe(1)
  expect(JSON.parse(stdout)).toMatchObject({ result: { verdict: 'failed', failure: { name: 'hostile', received: expect.stringMatching(/^exit (137|143)$/) } } })
  expect(stderr).not.toContain('never')
})

test('a step that closes its outputs and one that fills them after its end do no harm', async () => {
  const { cli } = book({ 'a/page': step('(sleep 1; yes | head -c 1000000) & exec >&- 2>&-; true') + AFTER })
  const { exit, stderr } = await cli(run)
  expect(exit).toBe(0)
  expect(stderr).toContain('and-on')
})
