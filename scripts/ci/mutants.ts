/** Pages that have mutants, for a job each: `haproxy/virtual-ip`. */
import { globSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { output } from '../../.github/actions/lib.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

const patches = globSync('*/*/*.patch', { cwd: join(root, 'test/fixtures/mutants') })
output('pages', JSON.stringify([...new Set(patches.map(path => path.split('/').slice(0, 2).join('/')))].sort()))
