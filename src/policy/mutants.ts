/** Every small change of a policy that makes it say something else, unless nothing tests that part. Pure. */
import { typesOf } from './evaluate.ts'
import type { Path } from './shape.ts'
import type { Policy, Rule, Selector } from './model.ts'
import { isEmpty } from './selector.ts'

export interface Mutant {
  /** What was done to it. */
  readonly change: string
  /** The part that was changed, in the manifest. */
  readonly at: Path
  /** undefined: the policy is gone. */
  readonly policy: Policy | undefined
}

export function mutantsOf(policy: Policy): Mutant[] {
  const { spec } = policy
  const mutants: Mutant[] = [{ change: 'drop the policy', at: ['metadata', 'name'], policy: undefined }]
  const mutate = (at: Path, change: string, value?: unknown): void => {
    mutants.push({ change, at, policy: { ...policy, spec: changed(spec, at.slice(1), value) as Policy['spec'] } })
  }
  selectorMutants(spec.podSelector, ['spec', 'podSelector'], mutate)
  const types = spec.policyTypes ?? []
  types.forEach((type, index) => {
    // An empty list means what one that is left out means: often the same.
    const rest = typesOf({ ...policy, spec: { ...spec, policyTypes: types.filter(one => one !== type) } })
    if (!types.every(one => rest.includes(one))) mutate(['spec', 'policyTypes', index], `drop ${type} from policyTypes`, GONE)
  })
  for (const [direction, peers] of [['ingress', 'from'], ['egress', 'to']] as const) {
    spec[direction]?.forEach((rule, index) => ruleMutants(rule, ['spec', direction, index], peers, mutate))
  }
  return mutants
}

type Mutate = (at: Path, change: string, value?: unknown) => void

const GONE = Symbol('gone')

function ruleMutants(rule: Rule, at: Path, peers: 'from' | 'to', mutate: Mutate): void {
  mutate(at, 'drop the rule', GONE)
  const list = rule[peers] ?? []
  list.forEach(({ podSelector, namespaceSelector, ipBlock }, index) => {
    const peer = [...at, peers, index]
    mutate(peer, list.length === 1 ? 'drop the only peer: everybody' : 'drop the peer', GONE)
    if (podSelector !== undefined) {
      selectorMutants(podSelector, [...peer, 'podSelector'], mutate)
      if (namespaceSelector !== undefined && !isEmpty(podSelector)) mutate([...peer, 'podSelector'], 'drop the pod selector', GONE)
    }
    if (namespaceSelector !== undefined) {
      selectorMutants(namespaceSelector, [...peer, 'namespaceSelector'], mutate)
      if (podSelector !== undefined) mutate([...peer, 'namespaceSelector'], 'drop the namespace selector: the policy\'s own', GONE)
    }
    ipBlock?.except?.forEach((_, number) => mutate([...peer, 'ipBlock', 'except', number], 'drop the exception', GONE))
  })
  const ports = rule.ports ?? []
  ports.forEach(({ port, endPort }, index) => {
    const one = [...at, 'ports', index]
    mutate(one, ports.length === 1 ? 'drop the only port: every port' : 'drop the port', GONE)
    if (port !== undefined && ports.length > 1) mutate([...one, 'port'], 'open every port of the protocol', GONE)
    if (endPort !== undefined) mutate([...one, 'endPort'], 'drop the end of the range', GONE)
  })
}

/** An empty selector selects all: emptying it again changes nothing. */
function selectorMutants(selector: Selector, at: Path, mutate: Mutate): void {
  const keys = Object.keys(selector.matchLabels ?? {})
  const requirements = selector.matchExpressions ?? []
  if (isEmpty(selector)) return
  mutate(at, 'empty the selector: all', {})
  if (keys.length + requirements.length === 1) return
  keys.forEach(key => mutate([...at, 'matchLabels', key], `drop the label ${key}`, GONE))
  requirements.forEach(({ key }, index) => mutate([...at, 'matchExpressions', index], `drop the requirement on ${key}`, GONE))
}

/** A copy in which the value at a path is another, or is gone. */
function changed(value: unknown, [step, ...rest]: Path, to: unknown): unknown {
  if (step === undefined) return to
  if (Array.isArray(value)) {
    const list = value as unknown[]
    if (rest.length === 0 && to === GONE) return list.filter((_, index) => index !== step)
    return list.map((item, index) => index === step ? changed(item, rest, to) : item)
  }
  const entries = Object.entries(value as object)
  if (rest.length === 0 && to === GONE) return Object.fromEntries(entries.filter(([key]) => key !== step))
  return Object.fromEntries(entries.map(([key, item]): [string, unknown] => [key, key === step ? changed(item, rest, to) : item]))
}
