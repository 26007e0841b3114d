/** A page stopped after each of its steps, in a lab of two machines: from one step one gets back, from the other one does not. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readAborts } from '../../src/report/abort-points.ts'
import { book, fence, type Book } from './cli-book.ts'
import { labGone } from './lab-gone.ts'
import { proofbook } from './proofbook.ts'

const LAB = 'e2e-abort'
const PAGE = 'demo/greeting'
const FRONT = 'topology: no-cluster\ntargets: [kind]\n'
let pages: Book
let remove = (): void => undefined

/** The undo of the second step takes away what the first one leaves, so that the whole page goes back. */
const BLOCKS = [
  fence('bash precheck=no-greeting on=lb', 'test ! -e /etc/greeting'),
  fence('bash step=folder on=lb', 'mkdir /etc/greetings\ntouch /etc/greetings/draft'),
  fence('bash rollback=folder on=lb', 'rmdir --ignore-fail-on-non-empty /etc/greetings'),
  fence('bash step=finish on=lb', 'mv /etc/greetings/draft /etc/greetings/final'),
  fence('bash rollback=finish on=lb', 'rm /etc/greetings/final'),
  fence('bash drill=ask on=lb', 'touch /tmp/asked'),
  fence('bash check=is-final on=lb needs=finish', 'test -e /etc/greetings/final'),
  fence('bash step=elsewhere on=lb if=distro:k3s', 'true'),
  fence('bash rollback=elsewhere on=lb if=distro:k3s', 'true'),
  fence('text step=greeting on=lb file=/etc/greeting', 'hello'),
  fence('bash rollback=greeting on=lb', 'rm --force /etc/greeting'),
  fence('bash check=greets on=lb needs=greeting', 'cat /etc/greeting') + fence('text output', 'hello'),
  fence('bash cleanup=asked on=lb', 'rm --force /tmp/asked'),
].join('\n')

beforeAll(async () => {
  expect((await proofbook(['setup', '--yes'])).exit).toBe(0)
  pages = book({ [PAGE]: BLOCKS }, FRONT, (done) => { remove = done })
})

afterAll(() => labGone(LAB).finally(remove))

test('exit 1 names the step after which one cannot go back, though the whole page goes back', async () => {
  const { exit, stdout, stderr } = await pages.cli(['abort', PAGE, '--lab', LAB, '--yes', '--json'])
  expect(stderr).toContain(`as it is ${PAGE}`)
  const { steps, notHere } = JSON.parse(stdout) as { steps: { step: string, failed?: string }[], notHere: { step: string }[] }
  expect(steps.map(({ step, failed }) => [step, failed?.replace(/from before: .*/, 'from before')])).toEqual([
    ['folder', expect.stringMatching(/^\d+ facts? differs? from before$/)], ['finish', undefined], ['greeting', undefined],
  ])
  expect(notHere).toMatchObject([{ step: 'elsewhere' }])
  expect(exit).toBe(1)
  expect(existsSync(join(pages.folder, '.proofbook/results')), 'results of a part are no results of the page').toBe(false)
  const lines = await readAborts(join(pages.folder, '.proofbook/abort-points.jsonl'))
  expect(lines.map(({ step, failed }) => [step, failed === undefined])).toEqual([['folder', false], ['finish', true], ['greeting', true]])
})

test('one step by its name; exit 0 when one can go back, and a check that only held in between does not hold again', async () => {
  const held = await pages.cli(['abort', PAGE, '--lab', LAB, '--step', 'finish', '--yes'])
  expect(held.stdout).toMatch(/^went back {2}line \d+ {2}finish {2}all is as before/)
  expect(held.stdout).toContain('one can go back after 1 of 1 steps')
  expect(held.exit).toBe(0)
  const again = await pages.cli(['abort', PAGE, '--lab', LAB, '--step', 'finish', '--again', 'is-final', '--yes'])
  expect(again.stdout).toMatch(/^NO WAY BACK {2}line \d+ {2}finish {2}check is-final on lb/)
  expect(again.exit).toBe(1)
})

test('a page that fails as it is tells nothing: exit 2, before it is stopped anywhere', async () => {
  const { exit, stderr } = await book({ [PAGE]: fence('bash check=never on=lb', 'false') + fence('bash step=any on=lb rollback="none: a test"', 'true') }, FRONT)
    .cli(['abort', PAGE, '--lab', LAB, '--yes'])
  expect(stderr).toContain(`${PAGE}: received failed`)
  expect(exit).toBe(2)
})

test('a step or a check that is not there is exit 2 before there is a lab', async () => {
  const step = await pages.cli(['abort', PAGE, '--lab', LAB, '--step', 'greetign'])
  expect(step.stderr).toContain('Did you mean "greeting"?')
  expect(step.exit).toBe(2)
  const check = await pages.cli(['abort', PAGE, '--lab', LAB, '--again', 'greet'])
  expect(check.stderr).toContain('expected a check of this page')
  expect(check.exit).toBe(2)
})
