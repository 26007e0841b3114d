/** The command `power` of the machine that runs Proofbook: a file in the lab's folder, to be put on PATH for drills. */
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const powerCommand = (folder: string): string => join(folder, 'bin', 'power')

/** `power cut s2`. It starts `power-main` of this very Proofbook, as source or compiled, with this very Node. */
export async function writePowerCommand(folder: string): Promise<void> {
  const main = fileURLToPath(new URL(import.meta.url.endsWith('.ts') ? './power-main.ts' : './power-main.js', import.meta.url))
  const words = [process.execPath, main, folder].map(word => `'${word.replaceAll('\'', String.raw`'\''`)}'`)
  const path = powerCommand(folder)
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, `#!/bin/sh\nexec ${words.join(' ')} "$@"\n`, { mode: 0o755 })
}
