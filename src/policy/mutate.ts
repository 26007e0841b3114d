/** Which parts of policies no flow of a matrix tests: those whose change flips no cell. Pure, by the reference evaluator. */
import { evaluate } from './evaluate.ts'
import { flowText, podOf, type Flow } from './flow.ts'
import type { Matrix } from './matrix-file.ts'
import { isPod, nameOf, type Policy, type PolicyProtocol, type World } from './model.ts'
import { mutantsOf, type Mutant } from './mutants.ts'
import { selects } from './selector.ts'
import { universeOf } from './universe.ts'

export interface Mutation extends Mutant {
  readonly name: string
  readonly file: string
  readonly line: number
  /** Cells that flip; empty: untested, unless it is the same. */
  readonly flips: readonly string[]
  /** Of one that flips none: a flow that would; undefined when there can be none, because other policies say the same. */
  readonly would?: string
}

/** Nobody could tell it from the policy as it is. */
export const isSame = ({ flips, would }: Mutation): boolean => flips.length === 0 && would === undefined

/** Every mutant of every policy, in the order of the files. */
export function mutateMatrix({ world, flows, sources, pods }: Matrix): Mutation[] {
  const asked = flows.filter(({ protocol }) => protocol !== 'ICMP')
  const before = allowedIn(world, asked)
  return sources.flatMap(({ policy, path, place }, index) => mutantsOf(policy).map((mutant): Mutation => {
    const policies = world.policies.flatMap((one, number) => number !== index ? [one] : mutant.policy === undefined ? [] : [mutant.policy])
    const after = allowedIn({ ...world, policies }, asked)
    const flips = asked.filter((_, cell) => before[cell] !== after[cell]).map(flowText)
    const would = flips.length === 0 ? flowBetween({ world, pods }, policies, mutant.policy === undefined ? [policy] : [policy, mutant.policy]) : undefined
    return { ...mutant, name: policy.metadata.name, file: path, line: place(mutant.at).position.line, flips, ...would === undefined ? {} : { would } }
  }))
}

const allowedIn = (world: World, flows: readonly Flow[]): boolean[] => flows.map(({ from, to, port, protocol }) =>
  evaluate(world, { from, to: podOf(to) ?? to, port, protocol: protocol as PolicyProtocol }).allowed)

/**
 * A flow that is allowed under the one policies and not under the other.
 * @param changed the policy as it is, and as it is in the other: only pods that one of them selects can tell
 */
function flowBetween({ world, pods }: Pick<Matrix, 'world' | 'pods'>, policies: readonly Policy[], changed: readonly Policy[]): string | undefined {
  const { namespaces, ends, ports } = universeOf(world, [...world.policies, ...policies], pods)
  const [one, other] = [{ namespaces, policies: world.policies }, { namespaces, policies }]
  const selected = ends.filter(isPod).filter(({ namespace, labels }) =>
    changed.some(({ metadata, spec }) => metadata.namespace === namespace && selects(spec.podSelector, labels)))
  for (const pod of selected) {
    for (const end of ends) {
      // A pod always reaches itself, another one of its kind does not.
      const peer = end === pod ? { ...pod, name: `${pod.name}-twin` } : end
      for (const [from, to] of [[peer, pod], [pod, peer]] as const) {
        for (const { port, protocol } of ports) {
          const flow = { from, to, port, protocol }
          if (evaluate(one, flow).allowed !== evaluate(other, flow).allowed) return `${endText(from)} -> ${endText(to)} ${port}/${protocol}`
        }
      }
    }
  }
  return undefined
}

const endText = (end: Parameters<typeof nameOf>[0]): string => isPod(end)
  ? `a pod of ${end.namespace} with ${Object.keys(end.labels).length === 0 ? 'no labels' : Object.entries(end.labels).map(([key, value]) => `${key}=${value}`).join(',')}` : end.address
