/**
 * npm run nightly: a whole night on this machine, from a fresh clone: matrix, shards at once, merge, reports, site.
 * Arguments are handed on: npm run nightly -- --shards 2 haproxy/virtual-ip haproxy/firewall
 */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { bootstrap, node, root } from './bootstrap.mjs'

bootstrap()
const run = spawn(node, [join(root, 'scripts/nightly/night.ts'), ...process.argv.slice(2)], { cwd: root, stdio: 'inherit' })
// Ctrl-C reaches the whole process group: the shards clean up, and this process waits for them.
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => {})
run.on('exit', (code, signal) => { process.exitCode = signal ? 130 : code ?? 1 })
