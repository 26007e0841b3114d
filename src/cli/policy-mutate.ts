/** `proofbook policy mutate`. */
import { isSame, mutateMatrix } from '../policy/mutate.ts'
import { columns, print, printJson } from './output.ts'
import { openMatrix } from './policy-files.ts'

/** Exit 1 when a part of a policy is untested: no cell flips when it is changed, and one could. */
export async function policyMutate(file: string, { json }: { readonly json?: boolean }): Promise<void> {
  const mutations = mutateMatrix(await openMatrix(file))
  const same = mutations.filter(isSame)
  const untested = mutations.filter(({ flips, would }) => flips.length === 0 && would !== undefined)
  const [all, caught] = [mutations.length - same.length, mutations.length - same.length - untested.length]
  if (untested.length > 0) process.exitCode = 1
  if (json) {
    return printJson('policy mutate', {
      file, mutants: all, caught, same: same.length,
      mutations: mutations.map(({ name, file: path, line, change, at, flips, would }) => ({ policy: name, file: path, line, change, at: at.join('.'), flips, ...would === undefined ? {} : { would } })),
    })
  }
  print([
    columns(mutations.map((mutation) => {
      const { name, file: path, line, change, flips, would } = mutation
      const [word, why] = isSame(mutation) ? ['same', 'other policies say it too, so no flow could tell'] : flips.length === 0 ? ['UNTESTED', `add: ${would}`] : ['caught', `${flips[0]}${flips.length > 1 ? ` and ${flips.length - 1} more` : ''}`]
      return [word, `${path}:${line}`, name, change, why]
    })),
    `${caught} of ${all} mutants are caught${same.length === 0 ? '' : `; ${same.length} more change nothing, as other policies say the same`}${untested.length === 0 ? '' : `; add a flow that ${untested.length === 1 ? 'it flips' : 'each of the others flips'}`}`,
  ].join('\n'))
}
