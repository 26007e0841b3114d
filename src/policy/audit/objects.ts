/** Kubernetes objects in YAML, each with the places of its parts. Lists are taken apart. */
import { foundShape } from '../policy-file.ts'
import { anything, readYaml, type Path, type Shape } from '../shape.ts'
import type { PlaceOf } from './model.ts'

/** What is read of an object; all of it may be missing. */
export interface Manifest {
  readonly apiVersion?: string
  readonly kind?: string
  readonly metadata?: { readonly name?: string, readonly namespace?: string, readonly labels?: Readonly<Record<string, string>> }
  readonly spec?: unknown
  readonly status?: unknown
}

export interface Found {
  readonly manifest: Manifest
  readonly place: PlaceOf
}

/** Policies strictly, as the API server would with --validate=strict; of all else what an audit needs. */
const shape: Shape = {
  by: (key) => {
    if (key('kind') === 'NetworkPolicy' && String(key('apiVersion')).startsWith('networking.k8s.io/')) return foundShape
    return isList(key('kind')) ? { open: { items: { list: shape } } } : anything
  },
}

const isList = (kind: unknown): boolean => typeof kind === 'string' && kind.endsWith('List')

/** @throws BadFile naming the line of everything that is wrong in a policy */
export function objectsIn(path: string, source: string): Found[] {
  if (/^(?:\s*(?:#.*|---.*)?\n?)*$/.test(source)) return []
  const lines = source.split('\n')
  return readYaml(path, source, () => shape).flatMap(({ value, place }) => {
    const placed = (at: Path): PlaceOf => (below) => {
      const found = place([...at, ...below])
      return { ...found, text: lines[found.position.line - 1] ?? '' }
    }
    if (value === null || typeof value !== 'object') return []
    const { kind, items } = value as { kind?: unknown, items?: unknown }
    if (!isList(kind) || !Array.isArray(items)) return [{ manifest: value, place: placed([]) }]
    return items.map((item: Manifest, index): Found => ({ manifest: item, place: placed(['items', index]) }))
  })
}
