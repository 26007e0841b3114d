/** Ports that no container of a receiver has. */
import type { PolicyPort } from '../../model.ts'
import { selects } from '../../selector.ts'
import type { Service, Subject } from '../model.ts'
import { named, ofPolicy, peersNamed, rulesIn, type Check, type View } from '../view.ts'

export const deadPorts: Check = view => rulesIn(view).flatMap((one) => {
  const { written, direction, rule, at } = one
  // To a block, or to everybody, a number may be that of any machine.
  const open = direction === 'Egress' && ((rule.to ?? []).length === 0 || rule.to!.some(({ ipBlock }) => ipBlock !== undefined))
  const receivers = direction === 'Ingress' ? view.selectedBy(written.policy) : peersNamed(view, one)
  if (receivers.length === 0) return []
  return (rule.ports ?? []).flatMap((port, index) => {
    const place = [...at, 'ports', index, 'port']
    if (port.port === undefined || receivers.some(pod => has(pod, port))) return []
    const shown = `${port.port}/${port.protocol ?? 'TCP'}`
    if (typeof port.port === 'string') return [ofPolicy('no-such-port', written, place, `no container of ${named(receivers)} has a port named ${shown}; they have ${declared(receivers)}`)]
    if (open) return []
    const service = serviceWith(view, receivers, port)
    if (service !== undefined) return [ofPolicy('port-of-the-service', written, place, `${shown} is the port of Service ${service.name}; ${named(receivers)} has ${declared(receivers)}`)]
    if (port.endPort !== undefined || receivers.some(({ ports }) => ports.length === 0)) return []
    return [ofPolicy('port-not-declared', written, place, `no container of ${named(receivers)} declares ${shown}; they have ${declared(receivers)}`)]
  })
})

const has = ({ ports }: Subject, { port, endPort, protocol = 'TCP' }: PolicyPort): boolean => ports.some(one => one.protocol === protocol
  && (typeof port === 'string' ? one.name === port : one.port >= port! && one.port <= (endPort ?? port!)))

/** A Service in front of them that is reached on this port, and sends on to another. */
const serviceWith = ({ services }: View, receivers: readonly Subject[], { port, protocol = 'TCP' }: PolicyPort): Service | undefined =>
  services.find(({ namespace, selector, ports }) => Object.keys(selector).length > 0
    && ports.some(one => one.port === port && one.target !== port && one.protocol === protocol)
    && receivers.some(pod => pod.namespace === namespace && selects({ matchLabels: selector }, pod.labels)))

function declared(pods: readonly Subject[]): string {
  const shown = [...new Set(pods.flatMap(({ ports }) => ports.map(({ name, port, protocol }) => `${port}/${protocol}${name === undefined ? '' : ` (${name})`}`)))]
  return shown.length === 0 ? 'none' : shown.slice(0, 5).join(', ')
}
