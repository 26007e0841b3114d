/** Results on disk: written whole or not at all, read with their schema checked. */
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { BadInput } from '../runbook/errors.ts'
import { RESULT_SCHEMA, type Result } from './result.ts'

/** Writes beside the file and renames, so that no reader ever sees half of it. */
export async function writeText(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true })
  const draft = `${file}.${process.pid}.tmp`
  await writeFile(draft, text)
  await rename(draft, file)
}

export async function writeJson(file: string, value: unknown): Promise<void> {
  await writeText(file, `${JSON.stringify(value, undefined, 2)}\n`)
}

/** `haproxy-external-load-balancer.kind.json`: one file per runbook and target, in one flat folder. */
export function resultName({ runbook, target }: Pick<Result, 'runbook' | 'target'>, variant?: string): string {
  return `${[runbook.replaceAll('/', '-'), target, ...variant === undefined ? [] : [variant]].join('.')}.json`
}

/** @throws BadInput when the file is no result of this schema */
export async function readResult(file: string): Promise<Result> {
  const text = await readFile(file, 'utf8')
  let value: Partial<Result> | undefined
  try {
    value = JSON.parse(text) as Partial<Result>
  } catch (error) {
    throw new BadInput(`${file}: received ${(error as Error).message}, expected a result of proofbook verify`, { cause: error })
  }
  if (value?.schema !== RESULT_SCHEMA || !value.runbook || !value.target || !Array.isArray(value.blocks)) {
    throw new BadInput(`${file}: received schema ${value?.schema ?? 'none'}, expected ${RESULT_SCHEMA}; verify again to replace it`)
  }
  return value as Result
}

/** All results of these folders, newest first; a folder that does not exist holds none. */
export async function readResults(folders: readonly string[]): Promise<Result[]> {
  const results: Result[] = []
  for (const folder of folders) {
    const names = await readdir(folder).catch(() => [])
    for (const name of names) if (name.endsWith('.json')) results.push(await readResult(join(folder, name)))
  }
  return results.toSorted((a, b) => Date.parse(b.finishedAt) - Date.parse(a.finishedAt))
}
