/**
 * A lab is closed: no packet of its nodes leaves the machine. A ClusterIP is an ordinary address while kube-proxy is
 * down, and would go out by the default route to whoever has that address (seen: a stranger's TLS server answered).
 */
import { LabError } from '../errors.ts'
import { docker, exec } from '../hosts/docker.ts'
import { ask } from '../images/run.ts'
import { bridgeName, label } from '../names.ts'

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

const inMachineNetwork = (image: string, lab: string, script: string, args: readonly string[] = []): Promise<string> =>
  docker(['run', '--rm', '--label', label(lab), '--network', 'host', '--cap-add', 'NET_ADMIN', '--cap-add', 'NET_RAW',
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

/** Takes the rule out, as often as it is there. Nothing to do when the chain is gone. */
export async function openEgress(lab: string, image: string | undefined): Promise<void> {
  const script = `while $tool --wait -D ${CHAIN} "$@" 2>/dev/null; do :; done`
  if (image === undefined) await ask(['sh', '-c', `${IPTABLES}\n${script}`, 'egress', ...rule(lab)])
  else await inMachineNetwork(image, lab, script, rule(lab)).catch(() => undefined)
}

/** Packets that the rule refused so far; undefined when the rule is not there. */
export async function refused(lab: string, image: string): Promise<number | undefined> {
  const table = await inMachineNetwork(image, lab, `$tool --wait -nvxL ${CHAIN}`)
  const line = table.split('\n').find(text => text.includes(`/* ${label(lab)} */`))
  return line === undefined ? undefined : Number(line.trim().split(/\s+/)[0])
}

/**
 * Proves that the lab is closed: a node tries to reach an address outside and the machine's own gateway, does not,
 * and the rule counts what it tried, so that the attempt is known to have been stopped here and not somewhere else.
 * @throws LabError when a packet went another way
 */
export async function proveClosed(lab: string, image: string, node: string): Promise<void> {
  const before = await refused(lab, image)
  const gateway = (await docker(['run', '--rm', '--label', label(lab), '--network', 'host', '--entrypoint', 'sh', image,
    '-c', 'ip -4 route show default | sed -n "s/.* via \\([0-9.]*\\).*/\\1/p" | head -n 1'])).trim()
  const targets = [OUTSIDE, gateway].filter(address => address !== '')
  const script = 'for address; do timeout 2 bash -c "exec 3<>/dev/tcp/$address/443" 2>/dev/null && echo "$address" & done; wait'
  const reached = (await exec(node, ['bash', '-c', script, 'probe', ...targets])).trim()
  const after = await refused(lab, image)
  if (reached === '' && after !== undefined && after > (before ?? 0)) return
  throw new LabError(reached === ''
    ? `the lab may be open: ${node} could not reach ${targets.join(' and ')}, but not because of our rule in ${CHAIN} `
      + `(${before ?? 'none'} packets before, ${after ?? 'none'} after). Other firewall rules on this machine may come first.`
    : `the lab is open: ${node} reached ${reached.replaceAll('\n', ', ')} in spite of the rule in ${CHAIN}`)
}
