/** How a host gets back to an earlier state, from the facts that differ. Pure. */

/** `- kind host fact` only before, `+ kind host fact` only now: see inventory.ts. */
export type Difference = string

export interface HostRepair {
  /** Files and folders to be taken from the baseline. */
  readonly restore: readonly string[]
  /** Files and folders that were not there, what is inside first. */
  readonly remove: readonly string[]
  /** Commands in their order, each an argv. */
  readonly commands: readonly (readonly string[])[]
  /** Differences that nothing here can undo. */
  readonly hopeless: readonly Difference[]
}

interface Fact {
  readonly gone: boolean
  readonly kind: string
  readonly text: string
  readonly line: Difference
}

/** @param was whether a path existed in the earlier state */
export function planRepair(host: string, differences: readonly Difference[], was: (path: string) => boolean): HostRepair {
  const facts = differences.flatMap((line): Fact[] => {
    const [, sign, kind = '', name, text = ''] = /^([-+]) (\S+) (\S+) (.*)$/.exec(line) ?? []
    return name === host ? [{ gone: sign === '-', kind, text, line }] : []
  })
  const of = (...kinds: string[]): Fact[] => facts.filter(({ kind }) => kinds.includes(kind))
  const paths = [...new Set(of('file', 'mode').map(({ text }) => pathOf(text)))]
  const added = (kind: string): Fact[] => of(kind).filter(({ gone }) => !gone)
  const lost = (kind: string): Fact[] => of(kind).filter(({ gone }) => gone)
  const nameOf = ({ text }: Fact): string => text.split(' ')[0] ?? ''
  const [lostLinks, newLinks] = [lost('link').map(nameOf), added('link').map(nameOf)]
  const [lostUnits, newUnits] = [lost('unit').map(nameOf), added('unit').map(nameOf)]
  // What belongs to a link that is not there comes back with it.
  const missing = lostLinks.filter(name => !newLinks.includes(name))
  const onMissing = (fact: Fact): boolean => missing.some(name => nameOf(fact) === name || ` ${fact.text} `.includes(` dev ${name} `))
  const changed = (path: RegExp): boolean => paths.some(file => path.test(file))

  return {
    restore: paths.filter(was).sort(),
    remove: paths.filter(path => !was(path)).sort().reverse(),
    commands: [
      ...added('firewall').flatMap(({ text }) => firewall(text, '-D')),
      ...lost('firewall').flatMap(({ text }) => firewall(text, '-A')),
      ...added('route').map(({ text }) => route(text, 'del')),
      ...added('addr').map(({ text }) => address(text, 'del')),
      ...added('link').filter(fact => !lostLinks.includes(nameOf(fact))).map(fact => ['ip', 'link', 'del', nameOf(fact)]),
      ...lost('link').filter(fact => newLinks.includes(nameOf(fact))).flatMap(link),
      ...lost('addr').filter(fact => !onMissing(fact)).map(({ text }) => address(text, 'add')),
      ...lost('route').filter(fact => !onMissing(fact)).map(({ text }) => route(text, 'add')),
      ...lost('sysctl').map(({ text }) => ['sysctl', '-qw', text.replace(/ = /, '=')]),
      ...changed(/^\/(etc|usr\/local\/lib)\/systemd\//) ? [['systemctl', 'daemon-reload']] : [],
      ...newUnits.filter(name => !lostUnits.includes(name)).map(name => ['systemctl', 'stop', name]),
      ...newUnits.length > 0 ? [['systemctl', 'reset-failed']] : [],
      // A socket is never stopped to be started: systemd refuses to listen for a service that runs already.
      ...lostUnits.map(name => ['systemctl', newUnits.includes(name) && name.endsWith('.service') ? 'restart' : 'start', name]),
      ...changed(/^\/etc\/containerd\//) ? [['systemctl', 'restart', 'containerd']] : [],
      ...changed(/^\/etc\/(default\/kubelet|kubernetes\/kubelet\.conf)$/) ? [['systemctl', 'restart', 'kubelet']] : [],
    ],
    // A lost link may be the CNI's, which makes it anew on a node that was off: waited for, not given up.
    hopeless: of('package').map(({ line }) => line),
  }
}

/** `/etc/a b sha256:..`, `/etc/a b -rw-r--r-- root:root target`, `/etc/a 5000000 bytes sha256:..`: paths may hold spaces. */
const pathOf = (text: string): string =>
  text.replace(/ (sha256:[0-9a-f]{64}|\d+ bytes sha256:[0-9a-f]{64}|[bcdlps-][-rwxsStT]{9} \S+:\S+.*)$/, '')

function firewall(text: string, action: '-A' | '-D'): string[][] {
  const policy = /^:(\S+) (ACCEPT|DROP)/.exec(text)
  if (policy) return action === '-A' ? [['iptables', '--wait', '-P', policy[1] ?? '', policy[2] ?? '']] : []
  if (!text.startsWith('-A ')) return []
  // As iptables-save quotes: comments in double quotes.
  return [['bash', '-c', `iptables --wait ${action} ${text.slice(3)}`]]
}

function route(text: string, action: 'add' | 'del'): string[] {
  const rule = /^(\d+):\s*(.*)$/.exec(text)
  if (rule) return ['ip', 'rule', action, ...(rule[2] ?? '').split(/\s+/), 'priority', rule[1] ?? '']
  const words = text.trim().split(/\s+/).filter(word => word !== 'linkdown' && word !== 'dead')
  return ['ip', words[0]?.includes(':') === true ? '-6' : '-4', 'route', action, ...words]
}

/** `enp1s0 inet 192.168.0.45/32 scope global enp1s0`. */
function address(text: string, action: 'add' | 'del'): string[] {
  const [nic = '', family, value = ''] = text.split(' ')
  const scope = / scope (\S+)/.exec(text)?.[1]
  return ['ip', family === 'inet6' ? '-6' : '-4', 'addr', action, value, 'dev', nic, ...scope === undefined ? [] : ['scope', scope]]
}

/** `enp1s0 BROADCAST,MULTICAST,UP,LOWER_UP mtu 1500`. */
function link({ text }: { readonly text: string }): string[][] {
  const [name = '', flags = '', , mtu = ''] = text.split(' ')
  return [['ip', 'link', 'set', name, 'mtu', mtu], ['ip', 'link', 'set', name, flags.split(',').includes('UP') ? 'up' : 'down']]
}
