/** NetworkPolicy manifests, read strictly: a field that the API does not know is a rule that was meant and is not there. */
import { policyProtocols, type Policy } from './model.ts'
import { isCidr } from './selector.ts'
import { anything, BadFile, labels, name, number, oneOf, readYaml, text, type Located, type Shape } from './shape.ts'

const cidr: Shape = { value: value => typeof value === 'string' && isCidr(value), expected: 'a network such as 10.0.0.0/8' }
const selector: Shape = {
  keys: {
    matchLabels: labels,
    matchExpressions: { list: { keys: { key: text, operator: oneOf(['In', 'NotIn', 'Exists', 'DoesNotExist']), values: { list: text } }, needs: ['key', 'operator'] } },
  },
}
const peer: Shape = {
  keys: { podSelector: selector, namespaceSelector: selector, ipBlock: { keys: { cidr, except: { list: cidr } }, needs: ['cidr'] } },
}
const port: Shape = {
  keys: {
    protocol: oneOf(policyProtocols),
    port: { value: value => Number.isInteger(value) && Number(value) > 0 && Number(value) < 65_536 || typeof value === 'string' && /^[a-z0-9-]{1,15}$/.test(value) && /[a-z]/.test(value), expected: 'a port, 1 to 65535, or the name of one' },
    endPort: number(1, 65_535),
  },
}
const rules = (peers: 'from' | 'to'): Shape => ({ list: { keys: { [peers]: { list: peer }, ports: { list: port } } } })
const spec: Shape = {
  keys: { podSelector: selector, policyTypes: { list: oneOf(['Ingress', 'Egress']) }, ingress: rules('from'), egress: rules('to') },
  needs: ['podSelector'],
}
const shape: Shape = {
  keys: {
    apiVersion: oneOf(['networking.k8s.io/v1']),
    kind: oneOf(['NetworkPolicy']),
    metadata: { keys: { name, namespace: name, labels, annotations: labels }, needs: ['name', 'namespace'] },
    spec,
  },
  needs: ['apiVersion', 'kind', 'metadata', 'spec'],
}

/** The same where tools and the API server have added to metadata, and the namespace may be left out. */
export const foundShape: Shape = {
  keys: { apiVersion: oneOf(['networking.k8s.io/v1']), kind: oneOf(['NetworkPolicy']), metadata: anything, spec, status: anything },
  needs: ['apiVersion', 'kind', 'metadata', 'spec'],
}

export interface PolicyAt {
  readonly policy: Policy
  readonly place: Located['place']
}

/** @throws BadFile with everything that is wrong, each with its line */
export function readPolicies(path: string, source: string): PolicyAt[] {
  const documents = readYaml(path, source, () => shape)
  const policies = documents.map(({ value, place }) => ({ policy: value as Policy, place }))
  const findings = policies.flatMap(({ policy, place }) => contradictions(policy).map(([at, message, expected]) =>
    ({ ...place(at), message, expected })))
  if (findings.length > 0) throw new BadFile(findings, source)
  return policies
}

/** What has the shape of a policy, and is refused by the API server or selects what nobody meant. */
function contradictions({ spec }: Policy): [at: (string | number)[], message: string, expected: string][] {
  const found: [(string | number)[], string, string][] = []
  for (const [direction, peers] of [['ingress', 'from'], ['egress', 'to']] as const) {
    for (const [index, rule] of (spec[direction] ?? []).entries()) {
      for (const [number, { ipBlock, podSelector, namespaceSelector }] of (rule[peers] ?? []).entries()) {
        const at = ['spec', direction, index, peers, number]
        if (ipBlock !== undefined && (podSelector ?? namespaceSelector) !== undefined) found.push([at, 'ipBlock beside a selector in one peer', 'a peer of its own for each'])
        if (ipBlock === undefined && podSelector === undefined && namespaceSelector === undefined) found.push([at, 'a peer that names nobody', 'podSelector, namespaceSelector or ipBlock'])
      }
      for (const [number, { port, endPort }] of (rule.ports ?? []).entries()) {
        const at = ['spec', direction, index, 'ports', number]
        if (endPort !== undefined && (typeof port !== 'number' || endPort < port)) found.push([at, 'a range of ports that is none', 'a number as port, and an endPort that is not below it'])
      }
    }
  }
  return found
}
