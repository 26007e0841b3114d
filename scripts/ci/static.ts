/** What needs no lab and no browser: types, pages, and documentation that comes from the code. Every gate is asked, also after one that failed. */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** Register a gate here. */
const gates = [
  { name: 'types', args: [join(root, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.json'] },
  { name: 'runbooks', args: [join(root, 'dist/cli/main.js'), 'check'] },
  { name: 'documentation from the code', args: ['scripts/docs/write.ts', '--check'] },
]

for (const { name, args } of gates) {
  const started = performance.now()
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' })
  console.error(`${status === 0 ? 'ok  ' : 'FAIL'} ${name} (${((performance.now() - started) / 1000).toFixed(1)} s)`)
  if (status !== 0) process.exitCode = 1
}
