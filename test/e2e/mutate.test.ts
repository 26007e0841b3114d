/** Each step of a page left out in turn, in a lab of two machines: one is missed by a check, the other by nothing. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readLeftOut } from '../../src/report/left-out.ts'
import { book, fence, type Book } from './cli-book.ts'
import { labGone } from './lab-gone.ts'
import { proofbook } from './proofbook.ts'

const LAB = 'e2e-mutate'
const PAGE = 'demo/greeting'
let pages: Book
let remove = (): void => undefined

beforeAll(async () => {
  expect((await proofbook(['setup', '--yes'])).exit).toBe(0)
  pages = book({
    [PAGE]: [
      fence('text step=greeting on=lb file=/etc/greeting', 'hello'),
      fence('bash rollback=greeting on=lb', 'rm --force /etc/greeting'),
      fence('bash check=greets on=lb needs=greeting', 'cat /etc/greeting') + fence('text output', 'hello'),
      fence('bash step=unseen on=lb', 'touch /etc/unseen'),
      fence('bash rollback=unseen on=lb', 'rm --force /etc/unseen'),
    ].join('\n'),
  }, 'topology: no-cluster\ntargets: [kind]\n', (done) => { remove = done })
})

afterAll(() => labGone(LAB).finally(remove))

test('exit 1 names the step that no check misses; the page as it is was verified first, and its results stay its own', async () => {
  const { exit, stdout, stderr } = await pages.cli(['mutate', PAGE, '--lab', LAB, '--yes', '--json'])
  expect(stderr).toContain(`as it is ${PAGE}`)
  expect(JSON.parse(stdout)).toMatchObject({ runbook: PAGE, steps: [{ step: 'greeting', caughtBy: 'check greets' }, { step: 'unseen' }] })
  expect((JSON.parse(stdout) as { steps: { caughtBy?: string }[] }).steps[1]).not.toHaveProperty('caughtBy')
  expect(exit).toBe(1)
  expect(existsSync(join(pages.folder, '.proofbook/results'))).toBe(false)
  const lines = await readLeftOut(join(pages.folder, '.proofbook/left-out.jsonl'))
  expect(lines.map(({ step, caughtBy }) => [step, caughtBy])).toEqual([['greeting', 'check greets'], ['unseen', undefined]])
})

test('one step by its name; exit 0 when it is missed', async () => {
  const { exit, stdout } = await pages.cli(['mutate', PAGE, '--lab', LAB, '--step', 'greeting', '--yes'])
  expect(stdout).toMatch(/^caught {2}line \d+ {2}greeting {2}check greets/)
  expect(stdout).toContain('1 of 1 steps are missed when they are left out')
  expect(exit).toBe(0)
})

test('a page that fails as it is tells nothing: exit 2, before any step is left out', async () => {
  const { exit, stderr } = await book({ [PAGE]: fence('bash check=never on=lb', 'false') + fence('bash step=any on=lb rollback="none: a test"', 'true') }, 'topology: no-cluster\ntargets: [kind]\n')
    .cli(['mutate', PAGE, '--lab', LAB, '--yes'])
  expect(stderr).toContain(`${PAGE}: received failed`)
  expect(exit).toBe(2)
})

test('a step that is not there is exit 2 before there is a lab', async () => {
  const { exit, stderr } = await pages.cli(['mutate', PAGE, '--lab', LAB, '--step', 'greetign'])
  expect(stderr).toContain('Did you mean "greeting"?')
  expect(exit).toBe(2)
})
