/**
 * npm run nightly -- --next: the newest patch and the newest minor of each pinned component, or of those that are named, each in
 * a scratch checkout and a lab of its own, one after the other. A warning of what is to come: nothing here touches the results,
 * the history or the site, and what does not hold does not fail.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { duration } from '../../src/report/duration.ts'
import { parseDuration } from '../../src/runbook/duration.ts'
import { attempt, type Attempt } from './next/attempt.ts'
import { planNext } from './next/plan.ts'
import { linesOf } from './next/tell.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    next: { type: 'boolean' },
    within: { type: 'string', default: '20m' },
    lab: { type: 'string', default: 'next' },
    output: { type: 'string', default: '.proofbook/next' },
    list: { type: 'boolean', default: false },
  },
})
const root = join(import.meta.dirname, '../..')
const cli = [process.execPath, join(root, 'dist/cli/main.js')]
const output = resolve(values.output)
const within = parseDuration(values.within)
if (within === undefined) throw new TypeError(`received --within ${values.within}, expected a duration such as 20m`)

const { candidates, notes } = await planNext(root, cli, positionals, within)
for (const note of notes) process.stderr.write(`next     ${note}\n`)
for (const { component, from, to, newest, runbooks, of } of candidates) console.log(`${component} ${from} to ${to} (newest ${newest}): ${runbooks.length} of ${of} pages: ${runbooks.join(' ')}`)

// Ctrl-C reaches the whole process group: the lab is taken down by its own process, and this one waits for it.
process.on('SIGINT', () => {})
const attempts: Attempt[] = []
for (const candidate of values.list ? [] : candidates) {
  const started = performance.now()
  const done = await attempt(root, candidate, { cli, output, lab: values.lab })
  attempts.push(done)
  console.log(`${linesOf(done).join('\n')} (${duration(performance.now() - started)})`)
  if (done.exit === 130) break
}
if (attempts.length > 0) {
  mkdirSync(output, { recursive: true })
  writeFileSync(join(output, 'next.json'), `${JSON.stringify({ schema: 1, attempts }, undefined, 2)}\n`)
}
process.exitCode = attempts.at(-1)?.exit === 130 ? 130 : 0
