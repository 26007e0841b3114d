/**
 * npm run nightly: a whole night on this machine, from a fresh clone: matrix, shards at once, merge, reports, site.
 * Arguments are handed on: npm run nightly -- --shards 2 haproxy/virtual-ip haproxy/firewall
 * npm run nightly -- --next: not the pins, but the releases that came after them.
 */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { bootstrap, node, root } from './bootstrap.mjs'

bootstrap()
const args = process.argv.slice(2)
const run = spawn(node, [join(root, args.includes('--next') ? 'scripts/nightly/next.ts' : 'scripts/nightly/night.ts'), ...args], { cwd: root, stdio: 'inherit' })
// Ctrl-C reaches the whole process group: the shards clean up, and this process waits for them.
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => {})
run.on('exit', (code, signal) => { process.exitCode = signal ? 130 : code ?? 1 })
