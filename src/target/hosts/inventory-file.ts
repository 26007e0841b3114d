/** The file that names a reader's machines. Pure. */
import { isMap, isScalar, LineCounter, parseDocument, type Node } from 'yaml'
import { BadInput } from '../../runbook/errors.ts'

export interface HostEntry {
  readonly name: string
  readonly roles: readonly string[]
  /** `user@host`, or a name of the reader's ssh_config; undefined for this machine. */
  readonly destination: string | undefined
  readonly sudo: boolean
}

export interface HostsInventory {
  /** The reader's word for the cluster, shown before anything is changed. */
  readonly context: string | undefined
  /** An ssh_config to use in place of the reader's own; relative to the inventory. */
  readonly config: string | undefined
  readonly hosts: readonly HostEntry[]
}

/** What ssh takes as a destination; nothing that could be taken for an option or a second word. */
const DESTINATION = /^(?:[\w.-]+@)?[\w](?:[\w.:-]*)$/

const EXAMPLE = `hosts:
  lb: { ssh: root@192.168.0.46 }
  s1: { ssh: admin@192.168.0.51, sudo: true, roles: [servers] }
  workstation: local`

/** @throws BadInput naming file:line, what was received and what was expected */
export function parseInventory(file: string, text: string): HostsInventory {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines })
  const at = (node: unknown): string => {
    const offset = (node as Node | null)?.range?.[0]
    return offset === undefined ? file : `${file}:${lines.linePos(offset).line}`
  }
  const refuse = (node: unknown, received: string, expected: string): never => {
    throw new BadInput(`${at(node)}: received ${received}, expected ${expected}`)
  }
  const [broken] = document.errors
  if (broken) throw new BadInput(`${file}:${broken.linePos?.[0].line ?? 1}: not YAML: ${broken.message.split('\n')[0]}`)

  const root = document.contents
  if (!isMap(root)) return refuse(root, 'no map', `an inventory such as\n${EXAMPLE}`)
  for (const { key } of root.items) {
    if (!['context', 'hosts', 'ssh'].includes(String(key))) refuse(key, `"${String(key)}"`, 'context, hosts or ssh')
  }
  const hosts = root.get('hosts', true)
  if (!isMap(hosts) || hosts.items.length === 0) return refuse(hosts ?? root, 'no hosts', `hosts such as\n${EXAMPLE}`)

  const entries = hosts.items.map(({ key, value }): HostEntry => {
    const name = String(key)
    if (!/^[a-z][a-z0-9-]*$/.test(name)) refuse(key, `host name "${name}"`, 'a lower-case name such as lb or s1')
    if (isScalar(value) && value.value === 'local') return { name, roles: [], destination: undefined, sudo: false }
    if (!isMap(value)) return refuse(value ?? key, `"${String(value)}" for host ${name}`, '"local" or { ssh: user@address }')
    for (const { key: word } of value.items) {
      if (!['ssh', 'roles', 'sudo'].includes(String(word))) refuse(word, `"${String(word)}" for host ${name}`, 'ssh, roles or sudo')
    }
    const { ssh, roles = [], sudo = false } = value.toJSON() as Record<string, unknown>
    if (typeof ssh !== 'string' || !DESTINATION.test(ssh)) {
      refuse(value.get('ssh', true) ?? value, `ssh: ${JSON.stringify(ssh)} for host ${name}`, 'user@address or a name of your ssh_config')
    }
    if (!Array.isArray(roles) || !roles.every(role => typeof role === 'string')) {
      refuse(value.get('roles', true), `roles: ${JSON.stringify(roles)}`, 'a list of names such as [servers]')
    }
    if (typeof sudo !== 'boolean') refuse(value.get('sudo', true), `sudo: ${JSON.stringify(sudo)}`, 'true or false')
    return { name, roles: roles as string[], destination: ssh as string, sudo: sudo as boolean }
  })
  const context = root.get('context')
  const config = root.getIn(['ssh', 'config'])
  return {
    context: context === undefined ? undefined : String(context),
    config: config === undefined ? undefined : String(config),
    hosts: entries,
  }
}
