import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { readMatrix, type Matrix } from '../policy/matrix-file.ts'
import { BadInput } from '../runbook/errors.ts'

/** A matrix, and the policies beside it. @throws BadInput */
export async function openMatrix(path: string): Promise<Matrix> {
  const source = await readFile(path, 'utf8').catch((error: Error) => { throw new BadInput(`cannot read the matrix ${path}: ${error.message}`) })
  return readMatrix(path, source, async (name) => {
    const below = join(dirname(path), name)
    return { path: below, source: await readFile(below, 'utf8') }
  })
}
