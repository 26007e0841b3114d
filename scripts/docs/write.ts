/** npm run docs: writes the parts of the documentation that come from the code. `--check` only says what is out of date. */
import { writeFileSync } from 'node:fs'
import { relative } from 'node:path'
import { pages, readPage } from './regions.ts'

const check = process.argv.includes('--check')
for (const { path, text, current } of pages.map(readPage)) {
  if (text === current) continue
  if (check) process.exitCode = 1
  else writeFileSync(path, current)
  console.log(`${relative(process.cwd(), path)} ${check ? 'is out of date: node scripts/docs/write.ts' : 'written'}`)
}
