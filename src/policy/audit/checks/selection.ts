/** Policies without pods, and pods without policies. */
import { isSystem } from '../system.ts'
import { alike, directions, finding, ofPod, ofPolicy, type Check } from '../view.ts'

export const selectsNothing: Check = view => view.policies.flatMap((written) => {
  const { namespace } = written.policy.metadata
  if (view.selectedBy(written.policy).length > 0) return []
  if (view.pods.some(pod => pod.namespace === namespace)) {
    return [ofPolicy('selects-nothing', written, ['spec', 'podSelector'], `selects none of the pods of namespace ${namespace}`)]
  }
  if (view.whole) return [ofPolicy('selects-nothing', written, ['spec', 'podSelector'], `namespace ${namespace} has no pod that it could select`, 'warning')]
  return [ofPolicy('nothing-known', written, ['metadata', 'name'], `the files hold no pod of namespace ${namespace}`)]
})

export const unselected: Check = (view) => {
  const isolated = new Set(view.policies.map(({ policy }) => policy.metadata.namespace))
  const here = view.pods.filter(pod => !isSystem(pod.namespace) && !view.isForeign(pod))
  const open = Map.groupBy(here.filter(({ namespace }) => !isolated.has(namespace)), ({ namespace }) => namespace)
  return [
    ...[...open].map(([namespace, pods]) => finding('open-namespace', {
      namespace, object: `namespace ${namespace}`, place: pods[0]!.place(['metadata']),
      message: `no policy is in namespace ${namespace}, which has ${pods.length === 1 ? 'one pod' : `${pods.length} pods`}`,
    })),
    ...alike(here.filter(pod => isolated.has(pod.namespace) && directions.every(direction => view.isolating(pod, direction).length === 0)))
      .map(([pod, ...more]) => ofPod('unselected', pod!, `no policy selects it${likeIt(more)}`)),
  ]
}

export const notRead: Check = ({ foreign }) => foreign.map(({ name, namespace = '', place }) =>
  finding('not-read', { namespace, object: name, place: place(['metadata', 'name']), message: 'not audited' }))

export const hostNetwork: Check = ({ subjects }) => alike(subjects.filter(pod => pod.hostNetwork && !isSystem(pod.namespace)))
  .map(([pod, ...more]) => ofPod('host-network', pod!, `hostNetwork: true${likeIt(more)}`))

const likeIt = ({ length }: readonly object[]): string => length === 0 ? '' : ` (and ${length} more like it)`
