import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Writes `NN-name.txt` and returns its path. A name of a block has no slash, and yet none gets through. */
export function writeTranscript(folder: string, number: number, name: string, text: string): string {
  const file = join(folder, `${String(number).padStart(2, '0')}-${name.replaceAll(/[^\w.-]/g, '_')}.txt`)
  writeFileSync(file, text)
  return file
}
