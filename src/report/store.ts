/** Results on disk: written whole or not at all, read with their schema checked. */
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { BadInput } from '../runbook/errors.ts'
import { admit, type Refusal } from './admit.ts'
import { sealed } from './digest.ts'
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

/** With its digest, whatever digest it had: the way in which every result gets onto a disk. */
export async function writeResult(file: string, result: Result): Promise<void> {
  await writeJson(file, sealed(result))
}

/** Of a run's own folder, where it belongs to nobody else. @throws BadInput when the file is no result of this schema */
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

export interface ReadResults {
  /** Newest first. */
  readonly results: readonly Result[]
  /** The same, with the file of each. */
  readonly files: readonly { readonly file: string, readonly result: Result }[]
  readonly refused: readonly Refusal[]
}

/** Every result of these folders that may count, and what was refused; a folder that does not exist holds none. */
export async function readFolders(folders: readonly string[], now: number = Date.now()): Promise<ReadResults> {
  const files: { readonly file: string, readonly result: Result }[] = []
  const refused: Refusal[] = []
  for (const folder of folders) {
    const seen = new Map<string, string>()
    const names = (await readdir(folder).catch(() => [])).filter(name => name.endsWith('.json')).sort((a, b) => a.length - b.length || (a < b ? -1 : 1))
    for (const name of names) {
      const file = join(folder, name)
      const read = admit(await readFile(file, 'utf8'), name, now)
      if ('reason' in read) refused.push({ file, reason: read.reason })
      else if (seen.has(read.result.digest!)) refused.push({ file, reason: `it is a copy of ${seen.get(read.result.digest!)}` })
      else {
        seen.set(read.result.digest!, name)
        files.push({ file, result: read.result })
      }
    }
  }
  files.sort((a, b) => Date.parse(b.result.finishedAt) - Date.parse(a.result.finishedAt))
  return { results: files.map(({ result }) => result), files, refused }
}

/** The same for those who only want what counts. */
export const readResults = async (folders: readonly string[]): Promise<readonly Result[]> => (await readFolders(folders)).results

/** What was refused of a page on a target: it must not hide behind an older result. */
export function refusalOf(refused: readonly Refusal[], runbook: string, target: string): Refusal | undefined {
  const own = `${runbook.replaceAll('/', '-')}.${target}.`
  return refused.find(({ file }) => basename(file).startsWith(own))
}
