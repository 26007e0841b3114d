/** Facts of one host, read by one script. Every source is one entry of the array; what is left out says why. */
import type { HostKind } from '../topology/topology.ts'

/** Lines of output that are not facts of the host's state. */
export interface Exclusion {
  readonly pattern: RegExp
  readonly why: string
}

export interface FactSource {
  /** First word of each line of the inventory that comes from here. */
  readonly kind: string
  /** Shell text; each line that it prints is one fact. */
  readonly script: string
  /** Read on this kind of host only. */
  readonly only?: 'machine' | 'node'
  readonly except?: readonly Exclusion[]
}

/** Folders whose files belong to the state of a host. Those that are not there are passed over. */
export const FOLDERS = '/etc /root /home /opt /srv /tmp /usr/local /var/lib/haproxy /var/spool/cron'

/** From this size on a file is told by its size and both its ends: hashing 200 MB of programs takes seconds. */
export const LARGE = '+4M'

/** Not by its time: a program that an agent copies anew each time it starts is the same program. */
const LARGE_FILE = `sh -c 'for file; do echo "$file $(stat -c %s "$file") bytes sha256:$({ head -c 262144 "$file"; tail -c 262144 "$file"; } | sha256sum | cut -c 1-64)"; done' -`

const pods: Exclusion = { pattern: /\b(veth|cali|lxc)\w+/, why: 'one for each pod, with a random name' }

/** Pods come and go between nodes by themselves, and the first one of a node makes it. */
const bridge: Exclusion = { pattern: /\bcni0\b/, why: 'made for the first pod of a node, and never taken away' }

/** Of addresses and routes only: the links themselves are facts. */
const ciliumAddresses: Exclusion = { pattern: /\bcilium_(host|net|vxlan)\b/, why: 'drawn anew for each installation, from the ranges of the nodes and by chance' }

const files: readonly Exclusion[] = [
  { pattern: /^\/tmp\/systemd-private-/, why: 'of a running service; the unit is a fact of its own' },
  { pattern: /^\/etc\/(passwd|group|shadow|gshadow|subuid|subgid)- /, why: 'the previous version, kept by the tools on every change' },
  { pattern: /^\/etc\/\.pwd\.lock /, why: 'made by the first change of an account' },
  { pattern: /^\/etc\/ld\.so\.cache /, why: 'an index of libraries, whose packages are facts of their own' },
  { pattern: /^\/etc\/machine-id /, why: 'kind draws a new one each time a node starts' },
  { pattern: /^\/root\/\.kube\/cache\b/, why: 'what kubectl has looked up' },
  { pattern: /^\/root\/\.bash_history /, why: 'of people who look around' },
]

/** Each folder that is there; not what is mounted below for others. */
const inFolders = (find: string): string => `for folder in ${FOLDERS}; do [ ! -e "$folder" ] || find "$folder" ${find}; done`

/**
 * Register new sources here. Which units are enabled is not asked for: that is a link in /etc, a fact already, and
 * `systemctl list-unit-files` takes longer than all of the others together.
 */
export const sources: readonly FactSource[] = [
  { kind: 'mode', script: inFolders(`-printf '%p %M %u:%g %l\\n'`), except: files },
  { kind: 'file', script: `${inFolders(`-type f ! -size ${LARGE} -exec sha256sum {} +`)} | sed -E 's/^(.{64})  (.*)$/\\2 sha256:\\1/'`, except: files },
  { kind: 'file', script: inFolders(`-type f -size ${LARGE} -exec ${LARGE_FILE} {} +`), except: files },
  { kind: 'package', script: `dpkg-query --show --showformat='\${binary:Package} \${Version} \${db:Status-Status}\\n'` },
  // A timer is "running" while its service runs: tmpfiles-clean's, for one, a quarter of an hour after each start of a host.
  { kind: 'unit', script: `systemctl list-units --no-legend --plain --type=service,socket,timer,path --state=active,failed | awk '$1 ~ /[.]timer$/ && $4 == "running" { $4 = "waiting" } { print $1, $3, $4 }'`,
    except: [
      { pattern: /^(systemd-(hostnamed|localed|timedated|tmpfiles-clean)|user@\d+|user-runtime-dir@\d+)\.service /, why: 'comes and goes by itself' },
      { pattern: /^(run-|session-)/, why: 'one run of a command' },
    ] },
  { kind: 'link', script: `ip -o link show | sed -E 's/^[0-9]+: ([^:@]+)[^:]*: <([^>]*)> mtu ([0-9]+).*/\\1 \\2 mtu \\3/'`, except: [pods, bridge] },
  { kind: 'addr', script: `ip -o addr show | sed -E 's/^[0-9]+: +//; s/\\\\.*//; s/ +/ /g'`, except: [pods, bridge, ciliumAddresses] },
  { kind: 'route', script: `for family in -4 -6; do ip $family route show table all; done | grep -v -e 'table local' -e '^fe80::' -e '^ff00::'; ip rule show; true`, except: [pods, bridge, ciliumAddresses] },
  { kind: 'listen', script: `ss -Hlntup | awk '{ process = $7; gsub(/users:|[()"]|,?pid=[0-9]+,?|,?fd=[0-9]+,?/, "", process); print $1, $5, process }'`,
    except: [
      { pattern: /:(3276[89]|327[7-9]\d|32[89]\d\d|3[3-9]\d{3}|[4-6]\d{4})( |$)/, why: 'a port that the kernel picked' },
      { pattern: /\bcilium-operator\b/, why: 'one pod in the network of a node, whichever node has room for it; the Deployment is a fact' },
    ] },
  // HAProxy 3.2 names in its own arguments whom each reload has replaced, and by which socket.
  { kind: 'process', only: 'machine', script: `ps --ppid 1 --no-headers --format args | sed -E 's/ [0-9]+ of [0-9-]+ startups$//; s/ -sf( [0-9]+)+//; s/ -x sockpair@[0-9]+//'`,
    except: [{ pattern: /^(\S*\/)?systemd-(hostnamed|localed|timedated|tmpfiles)\b/, why: 'comes and goes by itself' }] },
  { kind: 'firewall', only: 'machine', script: `iptables-save 2>/dev/null | sed 's/ \\[[0-9]*:[0-9]*\\]$//'`,
    except: [
      { pattern: /^#|^COMMIT$/, why: 'a comment with a date, or the end of a table' },
      { pattern: /^(\*\w+|:(PREROUTING|INPUT|FORWARD|OUTPUT|POSTROUTING) ACCEPT)$/, why: 'an empty table: looking at it makes it' },
    ] },
  { kind: 'firewall', only: 'node', script: `iptables-save 2>/dev/null | grep -E '^-A (PREROUTING|INPUT|FORWARD|OUTPUT|POSTROUTING) |^:[A-Z]+ (ACCEPT|DROP)' | sed 's/ \\[[0-9]*:[0-9]*\\]$//'`,
    except: [{ pattern: /KUBE-|FLANNEL|CNI-|DOCKER_|kubernetes|flanneld|kindnet|127\.0\.0\.11|172\.\d+\.\d+\.1\//, why: 'kept by kube-proxy, the CNI and Docker' }] },
  { kind: 'sysctl', script: `sysctl -a 2>/dev/null | grep -E '^net\\.(core\\.(somaxconn|rmem_|wmem_)|ipv4\\.(ip_|tcp_|conf\\.(all|default|enp1s0)\\.|vs\\.)|bridge\\.|netfilter\\.nf_conntrack_(max|tcp_timeout))' | sed 's/\\t/ /g'`,
    except: [{ pattern: /^net\.ipv4\.tcp_(fastopen_key|mem)\b|cc_metrics|_stat/, why: 'random, or drawn from the memory of the machine' }] },
]

/** The script for one kind of host; feed it to bash as root. */
export function factScript(kind: HostKind): string {
  return applicable(kind).map(({ script }, index) => `{\n${script}\n} | sed 's/^/${index} /'`).join('\n')
}

/** Lines of the inventory from what the script printed on that host. */
export function parseFacts(kind: HostKind, host: string, printed: string): string[] {
  const used = applicable(kind)
  return printed.split('\n').flatMap((line) => {
    const space = line.indexOf(' ')
    const source = used[Number(line.slice(0, space))]
    const fact = line.slice(space + 1).trimEnd()
    if (space < 0 || source === undefined || fact === '') return []
    if (source.except?.some(({ pattern }) => pattern.test(fact))) return []
    return [`${source.kind} ${host} ${fact}`]
  })
}

const applicable = (kind: HostKind): FactSource[] =>
  sources.filter(({ only }) => only === undefined || (only === 'machine') === (kind === 'machine'))
