/** The file of a matrix: pods, the policies that they are under, and flows with what is expected of them. */
import { expectations, podOf, protocols, type Expectation, type Flow, type Machine, type Protocol } from './flow.ts'
import { evaluate } from './evaluate.ts'
import { policyProtocols, type Labels, type Pod, type PolicyProtocol, type World } from './model.ts'
import { isIP } from 'node:net'
import type { Diagnostic } from '../runbook/model.ts'
import { didYouMean } from '../runbook/suggest.ts'
import { readPolicies, type PolicyAt } from './policy-file.ts'
import { BadFile, labels, name, number, oneOf, readYaml, text, type Path, type Shape } from './shape.ts'

const portKeys = { name: text, port: number(1, 65_535), protocol: oneOf(policyProtocols) }
const several: Shape = { either: [text, { list: text }] }
const shape: Shape = {
  keys: {
    namespaces: { each: { keys: { labels } } },
    pods: { list: { keys: { name, namespace: name, labels, ports: { list: { keys: portKeys, needs: ['port'] } } }, needs: ['name', 'namespace'] } },
    machines: { each: { value: value => typeof value === 'string' && isIP(value) > 0, expected: 'an IP address' } },
    policies: { list: text },
    flows: {
      list: {
        keys: {
          from: several, to: several, protocol: oneOf(protocols), byName: { value: value => typeof value === 'boolean', expected: 'true or false' },
          port: { value: value => Number.isInteger(value) && Number(value) > 0 && Number(value) < 65_536 || typeof value === 'string', expected: 'a port, 1 to 65535, or the name of one' },
          expect: oneOf(expectations),
        },
        needs: ['from', 'to'],
      },
    },
  },
  needs: ['pods', 'policies'],
}

interface Written {
  readonly namespaces?: Readonly<Record<string, { readonly labels?: Labels }>>
  readonly pods: readonly {
    readonly name: string, readonly namespace: string, readonly labels?: Labels
    readonly ports?: readonly { readonly name?: string, readonly port: number, readonly protocol?: PolicyProtocol }[]
  }[]
  readonly machines?: Readonly<Record<string, string>>
  readonly policies: readonly string[]
  readonly flows?: readonly {
    readonly from: string | readonly string[], readonly to: string | readonly string[], readonly port?: number | string
    readonly protocol?: Protocol, readonly byName?: boolean, readonly expect?: Expectation
  }[]
}

export interface PolicySource extends PolicyAt {
  readonly path: string
  readonly source: string
}

export interface Matrix {
  readonly path: string
  readonly world: World
  readonly pods: readonly Pod[]
  readonly flows: readonly Flow[]
  /** In the order of world.policies. */
  readonly sources: readonly PolicySource[]
}

/**
 * Reads a matrix and the policies that it names.
 * @param load text of a file that is named in it
 * @throws BadFile naming the line of everything that is wrong
 */
export async function readMatrix(path: string, source: string, load: (file: string) => Promise<{ path: string, source: string }>): Promise<Matrix> {
  const [file, more] = readYaml(path, source, () => shape)
  if (file === undefined || more !== undefined) throw new BadFile([{ path, position: { line: 1, column: 1 }, message: 'a matrix is one document, received several' }], source)
  const written = file.value as Written
  const findings: Diagnostic[] = []
  const wrong = (at: Path, message: string, expected?: string): undefined => {
    findings.push({ ...file.place(at), message, ...expected === undefined ? {} : { expected } })
    return undefined
  }
  const pods = written.pods.map(({ name, namespace, labels = {}, ports = [] }): Pod =>
    ({ name, namespace, labels, ports: ports.map(port => ({ protocol: 'TCP', ...port })) }))
  pods.forEach((pod, index) => {
    if (pods.findIndex(one => fullName(one) === fullName(pod)) !== index) wrong(['pods', index, 'name'], `pod ${fullName(pod)} is there twice`)
    if (pods.findIndex(one => one.name === pod.name && one.namespace === pod.namespace) === index && pod.ports.length !== new Set(pod.ports.map(({ port, protocol }) => `${port}/${protocol}`)).size) {
      wrong(['pods', index, 'ports'], `pod ${fullName(pod)} has a port twice`)
    }
  })
  const sources = (await Promise.all(written.policies.map(async (name, index) => {
    const loaded = await load(name).catch((error: Error) => wrong(['policies', index], `cannot read ${name}: ${error.message}`))
    return loaded === undefined ? [] : readPolicies(loaded.path, loaded.source).map(policy => ({ ...loaded, ...policy }))
  }))).flat()
  const namespaces = new Map([...new Set(pods.map(({ namespace }) => namespace))].map((name): [string, Labels] => [name, written.namespaces?.[name]?.labels ?? {}]))
  for (const name of Object.keys(written.namespaces ?? {})) {
    if (!namespaces.has(name)) wrong(['namespaces', name], `no pod is in namespace ${name}${didYouMean(name, namespaces.keys())}`)
  }
  for (const { policy: { metadata }, path: from, place, source: text } of sources) {
    if (namespaces.has(metadata.namespace)) continue
    throw new BadFile([{ ...place(['metadata', 'namespace']), path: from, message: `policy ${metadata.name} is for namespace ${metadata.namespace}, in which the matrix has no pod`, expected: [...namespaces.keys()].join(', ') }], text)
  }
  const world: World = { namespaces, policies: sources.map(({ policy }) => policy) }
  const flows = flowsOf(written, { pods, world, wrong })
  if (findings.length > 0) throw new BadFile(findings, source)
  return { path, world, pods, flows, sources }
}

interface Context {
  readonly pods: readonly Pod[]
  readonly world: World
  readonly wrong: (at: Path, message: string, expected?: string) => undefined
}

/** Those of the file; when it has none, every pod to every port of every other. */
function flowsOf({ flows, machines = {} }: Written, { pods, world, wrong }: Context): Flow[] {
  if (flows === undefined) {
    return pods.flatMap(from => pods.filter(to => to !== from).flatMap(to => to.ports.map(({ port, protocol }) =>
      expected(world, { from, to, port, protocol, byName: false }))))
  }
  const ends = new Map<string, Pod | Machine>([
    ...pods.filter(({ name }) => pods.filter(pod => pod.name === name).length === 1).map((pod): [string, Pod] => [pod.name, pod]),
    ...pods.map((pod): [string, Pod] => [fullName(pod), pod]),
    ...Object.entries(machines).map(([name, address]): [string, Machine] => [name, { name, address }]),
  ])
  return flows.flatMap(({ from, to, port, protocol = 'TCP', byName = false, expect }, index) => {
    const named = (key: 'from' | 'to', given: string | readonly string[]): (Pod | Machine)[] => [given].flat().flatMap((name, at): readonly (Pod | Machine)[] => {
      if (name === '*') return pods
      const end = ends.get(name)
      const where = ['flows', index, key, ...typeof given === 'string' ? [] : [at]]
      if (end === undefined) wrong(where, `there is no ${key === 'to' ? 'pod or machine' : 'pod'} "${name}"${didYouMean(name, ends.keys())}`, [...ends.keys()].join(', '))
      else if (key === 'from' && podOf(end) === undefined) wrong(where, `a flow starts in a pod, and "${name}" is a machine`)
      else return [end]
      return []
    })
    const none = (at: Path, message: string, wanted?: string): Flow[] => {
      wrong(at, message, wanted)
      return []
    }
    return named('from', from).flatMap(sender => named('to', to).flatMap((receiver): Flow[] => {
      const pod = podOf(sender)
      if (pod === undefined || receiver === sender) return []
      const at = ['flows', index, ...port === undefined ? [] : ['port']]
      const number = portAt(receiver, port, protocol)
      if (number === undefined) return none(at, portProblem(receiver, port, protocol))
      if (byName && podOf(receiver) === undefined) return none(['flows', index, 'byName'], `"${receiver.name}" is a machine, and only pods have a Service`)
      if (protocol === 'ICMP' && expect === undefined) return none(['flows', index], 'NetworkPolicy says nothing about ICMP', 'expect: allow or deny, as your network does it')
      if (byName && protocol === 'ICMP') return none(['flows', index, 'byName'], 'a Service does not answer ICMP')
      const flow = { from: pod, to: receiver, port: number, protocol, byName }
      return [expect === undefined ? expected(world, flow) : { ...flow, expect, why: 'the matrix says so' }]
    }))
  })
}

function portAt(to: Pod | Machine, port: number | string | undefined, protocol: Protocol): number | undefined {
  if (protocol === 'ICMP') return port === undefined ? 0 : undefined
  const pod = podOf(to)
  if (pod === undefined) return typeof port === 'number' ? port : undefined
  const fitting = pod.ports.filter(one => one.protocol === protocol && (port === undefined || one.port === port || one.name === port))
  return fitting.length === 1 ? fitting[0]!.port : undefined
}

function portProblem(to: Pod | Machine, port: number | string | undefined, protocol: Protocol): string {
  if (protocol === 'ICMP') return 'ICMP has no ports'
  const pod = podOf(to)
  if (pod === undefined) return 'a flow to a machine needs the number of a port'
  const has = pod.ports.map(({ port: number, protocol: of, name }) => `${number}/${of}${name === undefined ? '' : ` (${name})`}`).join(', ')
  return `pod ${fullName(pod)} has ${has === '' ? 'no port' : has}; received ${port === undefined ? 'no port' : `${port}/${protocol}`}, so nothing would tell a denial from a port that is closed`
}

/** What the policies say about a flow. By name it ends at the same pod, since the Service has one. */
function expected(world: World, flow: Omit<Flow, 'expect' | 'why'>): Flow {
  const { from, to, port, protocol } = flow
  const { allowed, why } = evaluate(world, { from, to, port, protocol: protocol as PolicyProtocol })
  return { ...flow, expect: allowed ? 'allow' : 'deny', why }
}

export const fullName = ({ namespace, name }: Pod): string => `${namespace}/${name}`
