/** Directions that a policy forgets, or writes in vain. */
import { rulesOf, typesOf } from '../../evaluate.ts'
import type { Policy, PolicyPort } from '../../model.ts'
import { isEmpty } from '../../selector.ts'
import type { Subject } from '../model.ts'
import { directions, keyOf, named, ofPolicy, type Check, type View } from '../view.ts'

export const ignoredRules: Check = view => view.policies.flatMap(written => directions
  .filter(direction => written.policy.spec[keyOf(direction)] !== undefined && !typesOf(written.policy).includes(direction))
  .map((direction) => {
    const key = keyOf(direction)
    const { policyTypes, [key]: list = [] } = written.policy.spec
    const why = policyTypes === undefined || policyTypes.length === 0 ? 'policyTypes is left out, which means [Ingress]' : `policyTypes is [${policyTypes.join(', ')}]`
    return ofPolicy('ignored-rules', written, ['spec', key], list.length === 0 ? `"${key}: []" denies nothing: ${why}` : `${list.length} ${key} rules do nothing: ${why}`)
  }))

const openForEgress = (view: View, policy: Policy): readonly Subject[] => view.selectedBy(policy).filter(pod => !view.isForeign(pod) && view.isolating(pod, 'Egress').length === 0)

export const typesLeftOut: Check = view => view.policies.flatMap((written) => {
  const { policyTypes, egress } = written.policy.spec
  if (policyTypes !== undefined && policyTypes.length > 0 || egress !== undefined) return []
  const open = openForEgress(view, written.policy)
  return open.length === 0 ? [] : [ofPolicy('types-left-out', written, ['spec'], `policyTypes is left out: egress of ${named(open)} stays open`)]
})

export const ingressOnlyDeny: Check = view => view.policies.flatMap((written) => {
  const { podSelector, policyTypes } = written.policy.spec
  if (!isEmpty(podSelector) || policyTypes === undefined || !denies(written.policy)) return []
  const open = openForEgress(view, written.policy)
  return open.length === 0 ? [] : [ofPolicy('ingress-only-deny', written, ['spec', 'policyTypes'], `denies what comes in, and egress of ${named(open)} stays open`)]
})

const denies = (policy: Policy): boolean => typesOf(policy).join() === 'Ingress' && rulesOf(policy, 'Ingress').length === 0

export const withoutDns: Check = view => view.policies.flatMap((written) => {
  if (!typesOf(written.policy).includes('Egress')) return []
  const mute = view.selectedBy(written.policy).filter((pod) => {
    const over = view.isolating(pod, 'Egress')
    return !view.isForeign(pod) && over[0] === written && !over.some(({ policy }) => rulesOf(policy, 'Egress').some(({ ports }) => ports === undefined || ports.length === 0 || ports.some(allowsDns)))
  })
  return mute.length === 0 ? [] : [ofPolicy('no-dns', written, ['spec', 'policyTypes'], `no policy lets ${named(mute)} ask DNS on 53/UDP`)]
})

const allowsDns = ({ protocol = 'TCP', port, endPort }: PolicyPort): boolean =>
  protocol === 'UDP' && (port === undefined || typeof port === 'string' || port <= 53 && 53 <= (endPort ?? port))
