/**
 * npm test: unit, site, browser and end-to-end tests on a real cluster, then one line with the count.
 * Arguments go to Vitest: npm test -- --project unit
 */
import { spawn } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join, relative } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { bootstrap, node, root } from './bootstrap.mjs'

bootstrap()
const report = join(root, '.proofbook/test-report.json')
mkdirSync(join(root, '.proofbook'), { recursive: true })
rmSync(report, { force: true })

/** The first 20 lines of why a test failed, without colours. */
const head = messages => stripVTControlCharacters(messages.join('\n')).split('\n').slice(0, 20).map(line => `  ${line}`).join('\n')

const args = ['run', '--config', 'test/vitest.config.ts', '--root', root, '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...process.argv.slice(2)]
const run = spawn(node, [join(root, 'node_modules/vitest/vitest.mjs'), ...args], {
  cwd: root,
  stdio: 'inherit',
  // Tests start programs by name; they must find the Node that the project brings.
  env: { ...process.env, PATH: `${join(root, 'node_modules/.bin')}:${process.env.PATH}` },
})
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => {})
run.on('exit', (code, signal) => {
  process.exitCode = signal ? 130 : code ?? 1
  try {
    const { numPassedTests, numFailedTests, numPendingTests, numTotalTestSuites, testResults } = JSON.parse(readFileSync(report, 'utf8'))
    if (numTotalTestSuites === 0) process.exitCode = 1
    // A file whose preparation failed has no failed test, only tests that were never run.
    const unprepared = testResults.filter(({ status, assertionResults }) =>
      status === 'failed' && !assertionResults.some(test => test.status === 'failed'))
    for (const { name, message } of unprepared) console.log(`could not run: ${relative(root, name)}: ${message.split('\n')[0]}`)
    // Once more and last: above them are the pages of a log.
    for (const { name, assertionResults } of testResults) {
      for (const { fullName, status, failureMessages } of assertionResults) {
        if (status === 'failed') console.log(`failed: ${relative(root, name)}: ${fullName}\n${head(failureMessages)}`)
      }
    }
    console.log(`${numPassedTests} passed, ${numFailedTests + unprepared.length} failed${numPendingTests ? `, ${numPendingTests} skipped` : ''}`)
  } catch {
    console.error(`No report at ${report}: Vitest ended before it ran a test.`)
    process.exitCode ||= 1
  }
})
