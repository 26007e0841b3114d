import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { book, fence, type Book } from './cli-book.ts'

/** A state folder of its own on a file system of this size, which a run fills. */
function small(pages: Parameters<typeof book>[0], size: string): Book & { readonly state: string } {
  const one = book(pages)
  const state = join(one.folder, '.state')
  mkdirSync(state)
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', state])
  onTestFinished(() => { execFileSync('umount', ['--lazy', state]) })
  return { ...one, state }
}

const journalOf = (one: Book): { event: string, kind?: string, name?: string }[] => {
  const [run = ''] = readdirSync(one.runs)
  return readFileSync(join(one.runs, run, 'journal.jsonl'), 'utf8').trim().split('\n').map(line => JSON.parse(line))
}

const canMount = process.getuid?.() === 0 && existsSync('/proc/self/mounts')

test.runIf(canMount)('a disk that fills up stops the run before the next step, and what ran is in the journal', async () => {
  const names = Array.from({ length: 60 }, (_, i) => `s${i}`)
  const page = names.map(name => fence(`bash step=${name} rollback="none: test"`,
    `echo ${name} >> ran${name === 's5' ? '; dd if=/dev/zero of=.state/fill bs=4k 2>/dev/null || true' : ''}`)
    + fence(`bash check=${name}-ran`, `grep -qx ${name} ran`)).join('\n')
  const one = small({ 'a/page': page }, '512k')
  const { exit, stderr } = await one.cli(['run', 'a/page', '--target', 'local', '--yes'])
  expect(exit).toBe(3)
  expect(stderr).toContain('the journal cannot be written: ENOSPC')
  expect(stderr).toMatch(/Nothing was started after that/)
  const ran = readFileSync(join(one.folder, 'ran'), 'utf8').trim().split('\n')
  expect(ran.length).toBeLessThan(60)
  const started = journalOf(one).filter(({ event, kind }) => event === 'start' && kind === 'step').map(({ name }) => name)
  expect(ran.filter(name => !started.includes(name)), 'ran without a word in the journal').toEqual([])

  // Room again: the rest runs, and nothing twice.
  rmSync(join(one.state, 'fill'))
  expect(await one.cli(['run', '--resume', 'last', '--yes'])).toMatchObject({ exit: 0 })
  expect(readFileSync(join(one.folder, 'ran'), 'utf8').trim().split('\n')).toEqual(names)
})

test.runIf(canMount)('output that does not fit ends its step, which is then unknown', async () => {
  const page = fence('bash step=loud rollback="none: test"', 'yes proofbook | head -c 50000000; touch after')
    + fence('bash step=next rollback="none: test"', 'touch next')
  const one = small({ 'a/page': page }, '1m')
  const { exit, stderr } = await one.cli(['run', 'a/page', '--target', 'local', '--yes'])
  expect({ exit, stderr: stderr.slice(-2_000) }).toMatchObject({ exit: 3, stderr: expect.stringContaining('was ended in the middle of its output') })
  expect(readdirSync(one.folder)).not.toContain('after')
  expect(readdirSync(one.folder)).not.toContain('next')
  expect((await one.cli(['runs', 'show', 'last'])).stdout).toMatch(/unknown +step loud/)
})
