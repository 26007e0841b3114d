/**
 * npm test: unit, site, browser and end-to-end tests on a real cluster, then one line with the count.
 * Arguments go to Vitest: npm test -- --project unit
 */
import { spawn } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { bootstrap, node, root } from './bootstrap.mjs'
import { timesFile } from './test-times.mjs'

bootstrap()
const report = join(root, '.proofbook/test-report.json')
mkdirSync(join(root, '.proofbook'), { recursive: true })
rmSync(report, { force: true })

// Vitest prepares every project of a run before its first test, and images of a lab take minutes: what needs none goes first.
const given = process.argv.slice(2)
const runs = given.length > 0 ? [given] : [['--project', 'unit'], ['--project', '!unit']]

/** The first 20 lines of why a test failed, without colours. */
const head = messages => stripVTControlCharacters(messages.join('\n')).split('\n').slice(0, 20).map(line => `  ${line}`).join('\n')

/**
 * @param {string[]} args for Vitest
 * @param {string} file its report
 * @returns {Promise<number>} its exit code
 */
function vitest (args, file) {
  const run = spawn(node, [join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--config', 'test/vitest.config.ts', '--root', root, '--reporter=default', '--reporter=json', `--outputFile.json=${file}`, `--reporter=${join(root, 'scripts/test-times.mjs')}`, ...args], {
    cwd: root,
    stdio: 'inherit',
    // Tests start programs by name; they must find the Node that the project brings.
    env: { ...process.env, PATH: `${join(root, 'node_modules/.bin')}:${process.env.PATH}` },
  })
  return new Promise(resolve => { run.on('exit', (code, signal) => { resolve(signal ? 130 : code ?? 1) }) })
}

let interrupted = false
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => { interrupted = true })

const reports = []
/** Milliseconds, by file. */
const times = {}
for (const args of runs) {
  rmSync(report, { force: true })
  process.exitCode = Math.max(process.exitCode ?? 0, await vitest(args, report))
  try {
    reports.push(JSON.parse(readFileSync(report, 'utf8')))
    Object.assign(times, JSON.parse(readFileSync(timesFile, 'utf8')))
  } catch {
    console.error(`No report at ${report}: Vitest ended before it ran a test.`)
    process.exitCode ||= 1
  }
  if (interrupted) break
}

const sum = key => reports.reduce((all, one) => all + one[key], 0)
const testResults = reports.flatMap(one => one.testResults)
if (reports.length > 0) {
  const counts = Object.keys(reports[0]).filter(key => key.startsWith('num'))
  writeFileSync(report, JSON.stringify({ ...reports.at(-1), ...Object.fromEntries(counts.map(key => [key, sum(key)])), success: reports.every(one => one.success), testResults }))
  if (reports.some(one => one.numTotalTestSuites === 0)) process.exitCode = 1
  const slowest = Object.entries(times).sort(([, a], [, b]) => b - a).slice(0, 15)
  console.log(`slowest files, in seconds: ${slowest.map(([name, ms]) => `${relative('test', name)} ${Math.round(ms / 1000)}`).join(', ')}`)
  // A file whose preparation failed has no failed test, only tests that were never run.
  const unprepared = testResults.filter(({ status, assertionResults }) =>
    status === 'failed' && !assertionResults.some(test => test.status === 'failed'))
  for (const { name, message } of unprepared) console.log(`could not run: ${relative(root, name)}: ${message.split('\n')[0]}`)
  // Once more and last: above them are the pages of a log. A test that passed in the end keeps why it first did not.
  const told = testResults.flatMap(({ name, assertionResults }) => assertionResults.map(test => ({ ...test, name })))
    .filter(({ failureMessages }) => failureMessages.length > 0)
  const flaky = told.filter(({ status }) => status === 'passed')
  for (const { name, fullName, status, failureMessages } of [...flaky, ...told.filter(test => test.status === 'failed')]) {
    console.log(`${status === 'failed' ? 'failed' : 'flaky, it passed when asked again'}: ${relative(root, name)}: ${fullName}\n${head(failureMessages)}`)
  }
  const skipped = sum('numPendingTests')
  console.log(`${sum('numPassedTests')} passed${flaky.length > 0 ? ` (${flaky.length} flaky)` : ''}, ${sum('numFailedTests') + unprepared.length} failed${skipped ? `, ${skipped} skipped` : ''}`)
}
