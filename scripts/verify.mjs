/**
 * npm run verify: from a fresh clone to a proven HAProxy runbook, with one command.
 * Arguments are handed on: npm run verify -- --json
 */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { bootstrap, node, root } from './bootstrap.mjs'

bootstrap()
// The lab stays up, so that the next run starts in seconds; the last line of the run says how to remove it.
const args = ['verify', 'haproxy/external-load-balancer', '--on', 'kind', '--keep', ...process.argv.slice(2)]
const run = spawn(node, [join(root, 'dist/cli/main.js'), ...args], { cwd: root, stdio: 'inherit' })
// Ctrl-C reaches the whole process group: the run cleans up, and this process waits for it.
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => {})
run.on('exit', (code, signal) => { process.exitCode = signal ? 130 : code ?? 1 })
