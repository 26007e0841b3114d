import { writeFileSync } from 'node:fs'

/** Writes `NN-name.txt` and returns its name. A name of a block has no slash, and yet none gets through. */
export function writeTranscript(folder: string, number: number, name: string, text: string): string {
  const file = `${String(number).padStart(2, '0')}-${name.replaceAll(/[^\w.-]/g, '_')}.txt`
  writeFileSync(`${folder}/${file}`, text)
  return file
}
