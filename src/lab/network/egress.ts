/**
 * A lab is closed: no packet of its nodes leaves the machine. A ClusterIP is an ordinary address while kube-proxy is
 * down, and would go out by the default route to whoever has that address (seen: a stranger's TLS server answered).
 */
import { LabError } from '../errors.ts'
import { docker, exec, inspect } from '../hosts/docker.ts'
import { ask } from '../images/run.ts'
import { bridgeName, label, labelled, lanContainer } from '../names.ts'

/** Filled in by Docker for every forwarded packet, before its own rules. */
const CHAIN = 'DOCKER-USER'

/** An address that nobody has (RFC 5737): were the lab open, no stranger would be bothered. */
const OUTSIDE = '198.51.100.1'

/** iptables of the machine, from a container in its network namespace; the nft or the legacy one, whichever Docker used. */
const IPTABLES = `for tool in iptables-nft iptables-legacy iptables; do
  command -v $tool >/dev/null && $tool --wait -S ${CHAIN} >/dev/null 2>&1 && break
  tool=
done
[ -n "$tool" ] || { echo "no chain ${CHAIN}" >&2; exit 3; }`

const inMachineNetwork = (image: string, lab: string | undefined, script: string, args: readonly string[] = []): Promise<string> =>
  docker(['run', '--rm', ...lab === undefined ? [] : labelled(lab), '--network', 'host', '--cap-add', 'NET_ADMIN', '--cap-add', 'NET_RAW',
    '--entrypoint', 'sh', image, '-c', `${IPTABLES}\n${script}`, 'egress', ...args])

/**
 * Refused and not dropped in silence: what starts before kube-proxy (flannel does) fails at once and is started again,
 * where a dropped packet makes it wait for 30 s.
 */
const rule = (lab: string): string[] =>
  ['-i', bridgeName(lab), '!', '-o', bridgeName(lab), '-m', 'comment', '--comment', label(lab),
    '-j', 'REJECT', '--reject-with', 'icmp-net-unreachable']

/** Puts the rule in, before the first node starts. */
export async function closeEgress(lab: string, image: string): Promise<void> {
  try {
    await inMachineNetwork(image, lab, `$tool --wait -C ${CHAIN} "$@" 2>/dev/null || $tool --wait -I ${CHAIN} "$@"`, rule(lab))
  } catch (error) {
    throw new LabError(`the lab's way out cannot be closed: Docker's firewall chain ${CHAIN} takes no rule, so no node was started. `
      + `Is Docker running with "iptables": false? (${(error as Error).message.trim()})`)
  }
}

/** Takes out every rule with the lab's label, as another version of Proofbook may have written it, and tells how many. */
export async function openEgress(lab: string, image: string | undefined): Promise<number> {
  const script = `times=0
while rule=$($tool --wait -S ${CHAIN} | grep -m 1 -e "--comment \\"*$1\\"* "); do
  printf '%s\\n' "$rule" | sed 's/^-A/-D/' | xargs $tool --wait || break
  times=$((times + 1))
done
echo $times`
  return Number(await onMachine(image, lab, script, [label(lab)]) ?? 0)
}

/** With no image to do it in, or one that is gone, by the machine's own iptables, where this user may. */
async function onMachine(image: string | undefined, lab: string | undefined, script: string, args: readonly string[] = []): Promise<string | undefined> {
  const inside = image === undefined ? undefined : await inMachineNetwork(image, lab, script, args).catch(() => undefined)
  return inside ?? ask(['sh', '-c', `PATH=$PATH:/usr/sbin:/sbin\n${IPTABLES}\n${script}`, 'egress', ...args])
}

/** Labs with a rule for a bridge that is gone. Undefined when the firewall cannot be looked at. */
export async function strayRules(image: string | undefined): Promise<string[] | undefined> {
  const printed = await onMachine(image, undefined, `$tool --wait -S ${CHAIN}; echo; ls /sys/class/net`)
  return printed === undefined ? undefined : labsOfStrayRules(printed)
}

/** @param printed the rules as iptables -S tells them, an empty line, the names of the links */
export function labsOfStrayRules(printed: string): string[] {
  const [rules = '', links = ''] = printed.split('\n\n')
  const there = new Set(links.split('\n'))
  const ours = [...rules.matchAll(/^-A .*? -i (\S+) .*--comment "?proofbook\.lab=([a-z0-9-]+)"?/gm)]
  return [...new Set(ours.flatMap(([, bridge = '', lab = '']) => bridge === bridgeName(lab) && !there.has(bridge) ? [lab] : []))]
}

/** Packets that the rule refused so far; undefined when the rule is not there. */
export async function refused(lab: string, image: string): Promise<number | undefined> {
  const table = await inMachineNetwork(image, lab, `$tool --wait -nvxL ${CHAIN}`)
  const line = table.split('\n').find(text => text.includes(`/* ${label(lab)} */`))
  return line === undefined ? undefined : Number(line.trim().split(/\s+/)[0])
}

export const wallProblems = async (lab: string, image: string): Promise<string[]> =>
  await refused(lab, image) === undefined ? ['the firewall rule that closes the lab is gone'] : []

/**
 * Proves that the lab is closed: a node tries to reach an address outside and the machine's own gateway, does not,
 * and the rule counts what it tried, so that the attempt is known to have been stopped here and not somewhere else.
 * @throws LabError when a packet went another way
 */
export async function proveClosed(lab: string, image: string, node: string): Promise<void> {
  const before = await refused(lab, image)
  const gateway = (await docker(['run', '--rm', ...labelled(lab), '--network', 'host', '--entrypoint', 'sh', image,
    '-c', 'ip -4 route show default | sed -n "s/.* via \\([0-9.]*\\).*/\\1/p" | head -n 1'])).trim()
  const targets = [OUTSIDE, gateway].filter(address => address !== '')
  // By the tools of our own container in the node's network: a node of k3s has no bash.
  const pid = (await inspect(node))?.pid ?? 0
  const script = 'for address; do timeout 2 bash -c "exec 3<>/dev/tcp/$address/443" 2>/dev/null && echo "$address" & done; wait'
  const reached = (await exec(lanContainer(lab), ['nsenter', '--target', String(pid), '--net', 'bash', '-c', script, 'probe', ...targets])).trim()
  const after = await refused(lab, image)
  if (reached === '' && after !== undefined && after > (before ?? 0)) return
  throw new LabError(reached === ''
    ? `the lab may be open: ${node} could not reach ${targets.join(' and ')}, but not because of our rule in ${CHAIN} `
      + `(${before ?? 'none'} packets before, ${after ?? 'none'} after). Other firewall rules on this machine may come first.`
    : `the lab is open: ${node} reached ${reached.replaceAll('\n', ', ')} in spite of the rule in ${CHAIN}`)
}
