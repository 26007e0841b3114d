/** Which parts of policies no flow of a matrix tests: those whose change flips no cell. Pure, by the reference evaluator. */
import { evaluate } from './evaluate.ts'
import { flowText, podOf, type Flow } from './flow.ts'
import type { Matrix } from './matrix-file.ts'
import type { PolicyProtocol, World } from './model.ts'
import { mutantsOf, type Mutant } from './mutants.ts'

export interface Mutation extends Mutant {
  readonly name: string
  readonly file: string
  readonly line: number
  /** Cells that flip; empty: untested. */
  readonly flips: readonly string[]
}

/** Every mutant of every policy, in the order of the files. */
export function mutateMatrix({ world, flows, sources }: Matrix): Mutation[] {
  const asked = flows.filter(({ protocol }) => protocol !== 'ICMP')
  const before = allowedIn(world, asked)
  return sources.flatMap(({ policy, path, place }, index) => mutantsOf(policy).map((mutant): Mutation => {
    const policies = world.policies.flatMap((one, number) => number !== index ? [one] : mutant.policy === undefined ? [] : [mutant.policy])
    const after = allowedIn({ ...world, policies }, asked)
    return {
      ...mutant, name: policy.metadata.name, file: path, line: place(mutant.at).position.line,
      flips: asked.filter((_, cell) => before[cell] !== after[cell]).map(flowText),
    }
  }))
}

const allowedIn = (world: World, flows: readonly Flow[]): boolean[] => flows.map(({ from, to, port, protocol }) =>
  evaluate(world, { from, to: podOf(to) ?? to, port, protocol: protocol as PolicyProtocol }).allowed)
