import { LabError } from '../errors.ts'
import type { Backend } from './backend.ts'
import { k3dBackend } from './k3d-backend.ts'
import { kindBackend } from './kind-backend.ts'

/** Register new backends here. */
export const backends: readonly Backend[] = [kindBackend, k3dBackend]

/** @throws LabError when there is none of that name */
export function backendNamed(name: string): Backend {
  const found = backends.find(backend => backend.name === name)
  if (found) return found
  throw new LabError(`received target "${name}", expected one of: ${backends.map(backend => backend.name).join(', ')}`)
}
