/** A key for what is built for labs: it changes with the versions and recipes that it is built from, and with nothing else. */
import { createHash } from 'node:crypto'
import { readFileSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { output } from '../lib.ts'

const lab = fileURLToPath(new URL('../../../src/lab', import.meta.url))
const hash = createHash('sha256')
for (const part of ['versions.ts', 'images', 'assets']) {
  const path = join(lab, part)
  const names = statSync(path).isDirectory() ? readdirSync(path, { recursive: true, encoding: 'utf8' }).sort().map(name => join(path, name)) : [path]
  for (const name of names) if (statSync(name).isFile()) hash.update(`${name.slice(lab.length)}\0`).update(readFileSync(name))
}
output('key', hash.digest('hex').slice(0, 16))
