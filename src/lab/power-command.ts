/** Commands of the machine that runs Proofbook, as files in the lab's folder: to be put on PATH for drills. */
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const powerCommand = (folder: string): string => join(folder, 'bin', 'power')

/** `power cut s2`. It starts `power-main` of this very Proofbook, as source or compiled, with this very Node. */
export const writePowerCommand = (folder: string): Promise<void> => writeCommand(powerCommand(folder), './power-main', [folder])

/** `proofbook policy audit --lab "$PROOFBOOK_LAB"`: this very Proofbook, for what a page shows of it. */
export const writeOwnCommand = (folder: string): Promise<void> => writeCommand(join(folder, 'bin', 'proofbook'), '../cli/main', [])

async function writeCommand(path: string, module: string, args: readonly string[]): Promise<void> {
  const main = fileURLToPath(new URL(`${module}${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url))
  const words = [process.execPath, main, ...args].map(word => `'${word.replaceAll('\'', String.raw`'\''`)}'`)
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, `#!/bin/sh\nexec ${words.join(' ')} "$@"\n`, { mode: 0o755 })
}
