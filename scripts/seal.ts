/**
 * Gives results that git has a digest, as verify writes it, for those that an older Proofbook wrote without one.
 * A file whose digest is wrong stays as it is: why it differs must be found out. Prints what it wrote.
 */
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { digestOf } from '../src/report/digest.ts'
import type { Result } from '../src/report/result.ts'
import { writeResult } from '../src/report/store.ts'

const folder = join(import.meta.dirname, '../src/content/results')
for (const name of globSync('*.json', { cwd: folder }).sort()) {
  const file = join(folder, name)
  const result = JSON.parse(readFileSync(file, 'utf8')) as Result
  if (result.digest === undefined) {
    await writeResult(file, result)
    console.log(`${name}: ${digestOf(result)}`)
  } else if (result.digest !== digestOf(result)) {
    console.error(`${name}: received ${result.digest}, expected ${digestOf(result)}: it was changed after it was written; look at git log -p`)
    process.exitCode = 1
  }
}
