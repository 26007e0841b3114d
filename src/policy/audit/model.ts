/** What an audit looks at, and what it finds. Pure data. */
import type { Diagnostic } from '../../runbook/model.ts'
import type { Labels, Pod, Policy, PolicyProtocol, Selector } from '../model.ts'
import type { Path } from '../shape.ts'
import type { RuleName } from './rules.ts'

/** A place in YAML, and the text of its line. */
export interface Place extends Pick<Diagnostic, 'path' | 'position' | 'length'> {
  readonly text: string
}
export type PlaceOf = (at: Path) => Place

/** A pod, or the template of pods that do not run. */
export interface Subject extends Pod {
  /** `pod api-7d9c-x2v5p`, `Deployment api`. */
  readonly what: string
  /** On the node's own network, where no policy reaches it. */
  readonly hostNetwork: boolean
  readonly place: PlaceOf
  /** Where its labels are, from the root of its object. */
  readonly labelsAt: Path
}

export interface Written {
  readonly policy: Policy
  readonly place: PlaceOf
}

/** A policy of another API, such as Cilium's: it selects, and what it allows is not read. */
export interface Foreign {
  readonly name: string
  /** Not given: of all namespaces. */
  readonly namespace?: string
  readonly selector: Selector
  readonly place: PlaceOf
}

export interface Service {
  readonly name: string
  readonly namespace: string
  readonly selector: Labels
  readonly ports: readonly { readonly port: number, readonly target: number | string, readonly protocol: PolicyProtocol }[]
}

export interface Snapshot {
  readonly namespaces: ReadonlyMap<string, Labels>
  readonly subjects: readonly Subject[]
  readonly policies: readonly Written[]
  readonly foreign: readonly Foreign[]
  readonly services: readonly Service[]
  /** Networks in CIDR notation from which pods get addresses; none: not known. */
  readonly podRanges: readonly string[]
  /** A cluster: what is not here is nowhere. Files may leave out namespaces and pods. */
  readonly whole: boolean
}

export const severities = ['error', 'warning', 'note'] as const
export type Severity = typeof severities[number]

export interface Finding extends Place {
  readonly rule: RuleName
  readonly severity: Severity
  readonly namespace: string
  /** `networkpolicy api`, `Deployment worker`, `namespace shop`. */
  readonly object: string
  readonly message: string
}
