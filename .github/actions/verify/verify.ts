/** Verifies this machine's part, with every report. Its exit code is that of `proofbook verify`. */
import { input, option, output, proofbook, raiseLimits, words } from '../lib.ts'

const REPORT = '.proofbook/report'

raiseLimits()
const given = words(input('arguments'))
const args = given.length > 0 ? given : [...words(input('runbooks')), ...option('--on', input('on'))]
const { exit } = proofbook([
  'verify', ...args, ...option('--shard', input('shard')), ...option('--retries', input('retries')),
  '--report', 'json,junit,html,github', '--report-dir', REPORT, '--yes',
], { show: true })
output('report', REPORT)
process.exitCode = exit
