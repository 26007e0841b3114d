#!/usr/bin/env node
/**
 * The command `proofbook`: the only place that prints errors and sets the exit code.
 * Static imports would be parsed before the version check, so there are none.
 */
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < 22 || (major === 22 && minor < 15)) {
  console.error(`proofbook: Node ${process.versions.node} found, 22.15 or later expected.\n`
    + 'Install it (https://nodejs.org), or in a checkout run: node_modules/.bin/node dist/cli/main.js')
  process.exit(3)
}

// Compiled code of earlier calls: saves a third of the start.
const { enableCompileCache } = await import('node:module')
const { join } = await import('node:path')
const { homedir } = await import('node:os')
enableCompileCache?.(join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'proofbook', 'node'))

// `proofbook list | head -1`: whoever reads has gone. What runs goes on to its end, and cleans up.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => { if (error.code !== 'EPIPE') throw error })
}

// Nothing is left to wait for: without this Node takes its whole heap apart first (10 to 20 ms).
process.once('beforeExit', () => process.exit())

const { createProgram } = await import('./program.ts')
const { exitCodeOf, explain } = await import('./errors.ts')
const { withoutSecrets } = await import('./hidden.ts')

try {
  await (await createProgram(process.argv[2])).parseAsync()
} catch (error) {
  const text = explain(error)
  if (text !== undefined) console.error(withoutSecrets(text))
  process.exitCode = exitCodeOf(error)
  if (process.argv.includes('--json') && process.exitCode !== 0) {
    console.log(JSON.stringify({ schema: 1, error: { message: withoutSecrets((error as Error).message), exitCode: process.exitCode } }))
  }
}
