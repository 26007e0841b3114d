/** Rules that let nobody in: no pod is named, or the other side denies. */
import { evaluate, matchesPeer, matchesPort, peersOf } from '../../evaluate.ts'
import type { Port, Rule } from '../../model.ts'
import type { Subject } from '../model.ts'
import { named, ofPolicy, peerKeyOf, peersNamed, rulesIn, variety, type Check, type RuleAt, type View } from '../view.ts'

export const peerNobody: Check = view => rulesIn(view).flatMap(({ written, direction, rule, at }) => (peersOf(rule, direction) ?? []).flatMap((peer, index) => {
  if (peer.ipBlock !== undefined) return []
  const { namespace } = written.policy.metadata
  const fits = (namespaceOnly: boolean) => (pod: Subject): boolean => matchesPeer(view.world, namespace, namespaceOnly ? { ...peer, podSelector: {} } : peer, pod)
  // Host network pods have the labels, and no policy knows them by these; but who selects them meant somebody.
  if (view.subjects.some(fits(false))) return []
  if (!view.whole && !view.subjects.some(fits(true))) return []
  return [ofPolicy('peer-nobody', written, [...at, peerKeyOf(direction), index], 'no pod has these labels')]
}))

export const halfOpen: Check = view => rulesIn(view).flatMap((one) => {
  const { written, direction, rule, at } = one
  // What another API allows beside it is not known.
  const here = variety(view.selectedBy(written.policy).filter(pod => !view.isForeign(pod)))
  const there = variety(peersOf(rule, direction) === undefined ? [] : peersNamed(view, one).filter(pod => !view.isForeign(pod)))
  const denials = denialsOf(view, one, here, there)
  if (denials === undefined) return []
  return [ofPolicy('half-open', written, [...at, peerKeyOf(direction)], `${named(there)} ${direction === 'Ingress' ? 'may not send' : 'may not receive'} it: ${denials}`)]
})

/** Why every flow that a rule allows is denied by the other side; undefined when one is not, or when there is none. */
function denialsOf(view: View, { direction, rule }: RuleAt, here: readonly Subject[], there: readonly Subject[]): string | undefined {
  let why: string | undefined
  for (const mine of here) {
    for (const other of there) {
      const [from, to] = direction === 'Ingress' ? [other, mine] : [mine, other]
      if (from === to) continue
      for (const { port, protocol } of portsOf(rule, to)) {
        const verdict = evaluate(view.world, { from, to, port, protocol })
        if (verdict.allowed) return undefined
        why ??= verdict.why
      }
    }
  }
  return why
}

/** Ports of a receiver that a rule is about; of one that declares none, those that the rule names by number. */
function portsOf({ ports }: Rule, to: Subject): readonly Port[] {
  const own = to.ports.filter(({ port, protocol }) => ports === undefined || ports.length === 0 || ports.some(one => matchesPort(one, { from: to, to, port, protocol })))
  if (own.length > 0) return own
  return (ports ?? []).flatMap(({ port, protocol = 'TCP' }) => typeof port === 'number' ? [{ port, protocol }] : [])
}
