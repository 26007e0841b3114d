/** `npx proofbook` in a clone starts the compiled file itself, which the compiler writes without the right to be started. */
import { chmodSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

chmodSync(fileURLToPath(new URL('../dist/cli/main.js', import.meta.url)), 0o755)
