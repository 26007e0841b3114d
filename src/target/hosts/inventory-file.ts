/** The file that names a reader's machines. Pure. */
import { homedir } from 'node:os'
import { dirname, resolve } from 'node:path'
import { isMap, isScalar, LineCounter, parseDocument, type Node, type YAMLMap } from 'yaml'
import { BadInput } from '../../runbook/errors.ts'
import { didYouMean, listed } from '../../runbook/suggest.ts'
import { hostFields, sshFields, topFields, type Field } from './fields.ts'
import { EXAMPLE, type HostEntry, type HostsInventory } from './inventory.ts'

/** @throws BadInput naming file:line, what was received and what was expected */
export function parseInventory(file: string, text: string): HostsInventory {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines })
  const refuse: Refuse = (node, received, expected) => {
    const offset = (node as Node | null | undefined)?.range?.[0]
    const at = offset === undefined ? file : `${file}:${lines.linePos(offset).line}`
    throw new BadInput(`${at}: received ${received}, expected ${expected}`)
  }
  const [broken] = document.errors
  if (broken) throw new BadInput(`${file}:${broken.linePos?.[0].line ?? 1}: not YAML: ${broken.message.split('\n')[0]}`)

  const root = document.contents
  if (!isMap(root)) return refuse(root, 'no map', `an inventory such as\n${EXAMPLE}`)
  checkMap(root, topFields, '', refuse)
  const ssh = root.get('ssh', true)
  if (isMap(ssh)) checkMap(ssh, sshFields, ' of ssh', refuse)
  const hosts = root.get('hosts', true)
  if (!isMap(hosts) || hosts.items.length === 0) return refuse(hosts ?? root, 'no hosts', `hosts such as\n${EXAMPLE}`)

  const here = dirname(resolve(file))
  const entries = hosts.items.map(({ key, value }) => hostEntry(key, value, here, refuse))
  const given = root.toJSON() as { context?: string, kubeconfig?: string, facts?: Record<string, string>, ssh?: { config?: string } }
  return {
    file,
    context: given.context,
    kubeconfig: given.kubeconfig,
    config: given.ssh?.config === undefined ? undefined : fileAt(here, given.ssh.config),
    facts: given.facts ?? {},
    hosts: entries,
  }
}

type Refuse = (node: unknown, received: string, expected: string) => never

function hostEntry(key: unknown, value: unknown, here: string, refuse: Refuse): HostEntry {
  const name = String(key)
  if (!/^[a-z][a-z0-9-]*$/.test(name)) refuse(key, `host name "${name}"`, 'a lower-case name such as lb or s1')
  if (isScalar(value) && value.value === 'local') return { name, roles: [], ssh: undefined }
  if (!isMap(value)) return refuse(value ?? key, `"${String(value)}" for host ${name}`, '"local" or { ssh: user@address }')
  checkMap(value, hostFields, ` for host ${name}`, refuse)
  const { ssh, roles = [], identity, port, jump, sudo = false } = value.toJSON() as HostText
  if (ssh === undefined) return refuse(value, `no ssh for host ${name}`, '{ ssh: user@address }, or "local" for this machine')
  return {
    name,
    roles,
    ssh: {
      destination: ssh,
      sudo,
      ...port === undefined ? {} : { port },
      ...jump === undefined ? {} : { jump },
      ...identity === undefined ? {} : { identity: fileAt(here, identity) },
    },
  }
}

/** A host's map once every key of it was checked. */
interface HostText {
  readonly ssh?: string
  readonly port?: number
  readonly identity?: string
  readonly jump?: string
  readonly sudo?: boolean | 'password'
  readonly roles?: readonly string[]
}

function checkMap(map: YAMLMap, fields: Readonly<Record<string, Field>>, where: string, refuse: Refuse): void {
  const given = map.toJSON() as Record<string, unknown>
  for (const { key, value } of map.items) {
    const name = String(key)
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined
    const known = Object.keys(fields)
    if (field === undefined) return refuse(key, `"${name}"${where}`, listed(known) + didYouMean(name, known))
    if (!field.fits(given[name])) refuse(value ?? key, `${name}: ${JSON.stringify(given[name])}${where}`, field.expected)
  }
}

/** Relative to the inventory, with ~ for the reader's home. */
function fileAt(folder: string, path: string): string {
  return resolve(folder, path.replace(/^~(?=\/|$)/, homedir()))
}
