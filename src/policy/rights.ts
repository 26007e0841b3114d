/** What a matrix has to be allowed on a cluster, asked before anything is made there. */
import { ProbeError } from '../probe/errors.ts'
import type { Kubectl } from '../probe/kubectl.ts'

interface Right {
  readonly verb: string
  readonly resource: string
  readonly group?: string
  readonly subresource?: string
}

const needed: readonly Right[] = [
  { verb: 'create', resource: 'namespaces' }, { verb: 'delete', resource: 'namespaces' }, { verb: 'create', resource: 'pods' }, { verb: 'create', resource: 'pods', subresource: 'exec' },
  { verb: 'create', resource: 'services' }, { verb: 'create', resource: 'serviceaccounts' }, { verb: 'create', resource: 'networkpolicies', group: 'networking.k8s.io' },
]

/** A line an object: of several kubectl prints no list, in JSON neither, but one document behind the other. */
const ANSWER = 'jsonpath={.spec.resourceAttributes.verb} {.spec.resourceAttributes.resource} {.spec.resourceAttributes.subresource} {.status.allowed}{"\\n"}'

/** So that nothing is left that may not be removed. @throws ProbeError naming what is not allowed */
export async function refuseWithoutRights(kubectl: Kubectl, signal?: AbortSignal): Promise<void> {
  const items = needed.map(resourceAttributes => ({ apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectAccessReview', spec: { resourceAttributes } }))
  const told = await kubectl(['create', '--filename=-', `--output=${ANSWER}`], { input: JSON.stringify({ apiVersion: 'v1', kind: 'List', items }), ...signal && { signal } }).catch((error: unknown) => {
    signal?.throwIfAborted()
    throw new ProbeError(`the cluster cannot be asked what you may do there: ${(error as Error).message.trim().split('\n').at(-1)}`)
  })
  const answers = told.trim().split('\n').map(line => line.split(' '))
  if (answers.length !== needed.length || answers.some(([, , , allowed]) => allowed !== 'true' && allowed !== 'false')) {
    throw new ProbeError(`the cluster was asked what you may do there: received ${JSON.stringify(told.slice(0, 200))}, expected ${needed.length} lines that end with true or false`)
  }
  const missing = answers.filter(([, , , allowed]) => allowed === 'false').map(([verb, resource, subresource]) => `${verb} ${resource}${subresource === '' ? '' : `/${subresource}`}`)
  if (missing.length === 0) return
  throw new ProbeError(`you may not ${missing.join(', ')} on this cluster, and nothing was made there\n`
    + 'A matrix makes namespaces of its own with pods and policies in them. Try: kubectl auth can-i --list')
}
