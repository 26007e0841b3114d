/** Files to which several processes append at once: one line of JSON each. */
import { appendFile, mkdir, readFile } from 'node:fs/promises'
import { dirname } from 'node:path'

/** One write a line: of two processes that append at once, neither loses its own. The folder is made when it is not there. */
export async function appendLine(file: string, value: object): Promise<void> {
  await mkdir(dirname(file), { recursive: true })
  await appendFile(file, `${JSON.stringify(value)}\n`)
}

/** In the order of the file; lines that are not whole (a power cut) are passed over, and a file that is not there holds none. */
export async function readLines<Line extends object>(file: string): Promise<Line[]> {
  const text = await readFile(file, 'utf8').catch(() => '')
  return text.split('\n').flatMap((line) => {
    try {
      return [JSON.parse(line) as Line]
    } catch {
      return []
    }
  })
}
