/** `proofbook policy mutate`. */
import { mutateMatrix } from '../policy/mutate.ts'
import { columns, print, printJson } from './output.ts'
import { openMatrix } from './policy-files.ts'

/** Exit 1 when a part of a policy is untested: no cell flips when it is changed. */
export async function policyMutate(file: string, { json }: { readonly json?: boolean }): Promise<void> {
  const mutations = mutateMatrix(await openMatrix(file))
  const untested = mutations.filter(({ flips }) => flips.length === 0)
  const caught = mutations.length - untested.length
  if (untested.length > 0) process.exitCode = 1
  if (json) {
    return printJson('policy mutate', { file, mutants: mutations.length, caught, mutations: mutations.map(({ name, file: path, line, change, at, flips }) => ({ policy: name, file: path, line, change, at: at.join('.'), flips })) })
  }
  print([
    columns(mutations.map(({ name, file: path, line, change, flips }) =>
      [flips.length === 0 ? 'UNTESTED' : 'caught', `${path}:${line}`, name, change, flips.length === 0 ? '' : `${flips[0]}${flips.length > 1 ? ` and ${flips.length - 1} more` : ''}`])),
    `${caught} of ${mutations.length} mutants are caught${untested.length === 0 ? '' : `; add a flow that ${untested.length === 1 ? 'it flips' : 'each of the others flips'}`}`,
  ].join('\n'))
}
