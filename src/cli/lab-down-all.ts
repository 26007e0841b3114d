/** `proofbook lab down --all`. */
import { removeAll } from '../lab/reap/reap.ts'
import { print, printJson } from './output.ts'
import { createProgress } from './progress.ts'

export async function labDownAll({ here, json }: { here?: boolean, json?: boolean }): Promise<void> {
  const labs = await removeAll(createProgress(), here)
  if (json) return printJson('lab down', { labs })
  if (labs.length === 0) print(here ? 'no lab has its files here' : 'no labs')
}
