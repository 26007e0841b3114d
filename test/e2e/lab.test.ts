/** A lab of its own, end to end: what its inventory sees, what its power does, what its walls hold, and ssh into it. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { exec, inspect } from '../../src/lab/hosts/docker.ts'
import { proxyProblems } from '../../src/lab/health.ts'
import { differences } from '../../src/lab/inventory/inventory.ts'
import { bringUp, down, find, type Lab } from '../../src/lab/lab.ts'
import { networkName } from '../../src/lab/names.ts'
import { closeEgress, openEgress, proveClosed } from '../../src/lab/network/egress.ts'
import { topologyNamed } from '../../src/lab/topology/topologies.ts'
import { openHosts } from '../../src/target/hosts.ts'
import { kindTarget, whyNotReusable } from '../../src/target/kind.ts'
import type { Inventory } from '../../src/target/target.ts'
import { progress } from './progress.ts'

const LAB = 'e2e-lab'
/** Minutes of waiting for etcd and kubelets that no change of every day can break. */
const nightly = process.env.PROOFBOOK_LONG === '1'
let lab: Lab
let before: Inventory

const on = (host: string, script: string): Promise<string> => exec(lab.container(host), ['bash', '-ec', script])

beforeAll(async () => {
  lab = await bringUp({ name: LAB, target: 'kind', topology: topologyNamed('load-balancer'), cni: 'any' }, progress, { signal: new AbortController().signal })
  before = await lab.inventory()
})

afterAll(() => down(LAB))

test('found again by name, well, and as it was made', async () => {
  const again = await find(LAB)
  expect(again?.folder).toBe(lab.folder)
  expect(await whyNotReusable(again!)).toEqual([])
})

describe('the inventory', () => {
  const left: [what: string, host: string, make: string, undo: string, fact: RegExp][] = [
    ['a file', 'lb', 'echo x > /etc/left', 'rm /etc/left', /^\+ file lb \/etc\/left sha256:/],
    ['content', 's2', 'echo "# x" >> /etc/fstab', 'sed -i "$ d" /etc/fstab', /^\+ file s2 \/etc\/fstab /],
    ['a mode', 'client', 'chmod 600 /etc/motd', 'chmod 644 /etc/motd', /^\+ mode client \/etc\/motd -rw-------/],
    ['an address', 'lb', 'ip addr add 192.168.0.45/32 dev enp1s0', 'ip addr del 192.168.0.45/32 dev enp1s0', /^\+ addr lb enp1s0 inet 192\.168\.0\.45\/32/],
    ['a route', 's3', 'ip route add 203.0.113.0/24 via 192.168.0.46', 'ip route del 203.0.113.0/24', /^\+ route s3 203\.0\.113\.0\/24/],
    ['a rule', 's1', 'iptables -I INPUT -p tcp --dport 30080 -j DROP', 'iptables -D INPUT -p tcp --dport 30080 -j DROP', /^\+ firewall s1 -A INPUT/],
    ['a process and its port', 'client', 'nohup nc -lk 8099 >/dev/null 2>&1 &', 'pkill -x nc', /^\+ listen client tcp 0\.0\.0\.0:8099 nc/],
    ['a setting of the kernel', 'lb', 'sysctl -qw net.ipv4.ip_nonlocal_bind=1', 'sysctl -qw net.ipv4.ip_nonlocal_bind=0', /^\+ sysctl lb net\.ipv4\.ip_nonlocal_bind = 1/],
    ['a unit', 'lb', 'systemd-run --quiet --unit left --collect --service-type=exec sleep 1000', 'systemctl stop left', /^\+ unit lb left\.service active running/],
  ]

  test('sees what is added and changed on any host, and that it is gone', async () => {
    // One after the other on a host: two changes of one packet filter would race.
    const each = (script: (row: typeof left[number]) => string) => Promise.all(Object.values(Object.groupBy(left, ([, host]) => host))
      .map(async (rows = []) => { for (const row of rows) await on(row[1], script(row)) }))
    await each(([, , make]) => make)
    const seen = differences(before, await lab.inventory())
    await each(([, , , undo]) => undo)
    for (const [what, , , , fact] of left) expect(seen, what).toContainEqual(expect.stringMatching(fact))
    expect(differences(before, await lab.inventory())).toEqual([])
  })

  test('sees an object and a change of one, but no rollout', async () => {
    await lab.kubectl(['create', 'configmap', 'left', '--from-literal=a=b'])
    expect(differences(before, await lab.inventory())).toEqual([expect.stringMatching(/^\+ object ConfigMap default\/left /)])
    await lab.kubectl(['delete', 'configmap', 'left'])

    await lab.kubectl(['-n', 'kube-system', 'patch', 'service', 'traefik', '-p', '{"spec":{"externalTrafficPolicy":"Cluster"}}'])
    expect(differences(before, await lab.inventory())).toHaveLength(2)
    await lab.kubectl(['-n', 'kube-system', 'patch', 'service', 'traefik', '-p', '{"spec":{"externalTrafficPolicy":"Local"}}'])

    await lab.kubectl(['rollout', 'restart', 'deployment/echo'])
    await lab.kubectl(['rollout', 'status', 'deployment/echo', '--timeout=120s'])
    await expect.poll(async () => differences(before, await lab.inventory()), { timeout: 60_000 }).toEqual([])
  })
})

describe('reset', () => {
  test('puts back what a run broke, added and took away, on every host and in the cluster', async () => {
    await Promise.all([
      on('lb', 'apt-get -qq update; apt-get -qq install -y haproxy >/dev/null; echo x > /etc/left; rm /etc/motd; ip addr add 192.168.0.45/32 dev enp1s0'),
      on('s1', 'echo x > /etc/left; echo "# x" >> /etc/fstab; ip link add left0 type bridge; sysctl -qw net.ipv4.ip_nonlocal_bind=1'),
      on('s2', 'ip route add 203.0.113.0/24 via 192.168.0.46; iptables -I INPUT -p tcp --dport 30080 -j DROP'),
      lab.kubectl(['create', 'namespace', 'left']).then(() => lab.kubectl(['-n', 'left', 'create', 'deployment', 'web', '--image=none'])),
      lab.kubectl(['-n', 'kube-system', 'patch', 'service', 'traefik', '-p', '{"spec":{"externalTrafficPolicy":"Cluster"}}']),
      lab.kubectl(['delete', 'deployment', 'echo']),
      // Made anew by hand, with another address: no API lets that be changed back.
      lab.kubectl(['delete', 'service', 'echo']).then(() => lab.kubectl(['create', 'service', 'clusterip', 'echo', '--tcp=80:8080'])),
      lab.power('off', 's3'),
    ])
    const { pristine, differed, left } = await lab.reset(new AbortController().signal)
    expect(left).toEqual([])
    expect(pristine).toBe(true)
    expect(differed.length).toBeGreaterThan(15)
    expect(differences(before, await lab.inventory())).toEqual([])
  })
})

describe.runIf(nightly)('reset with an API server that answers late', () => {
  test('waits for it', async () => {
    await lab.kubectl(['create', 'configmap', 'late'])
    await Promise.all(['s1', 's2', 's3'].map(host => on(host, 'mv /etc/kubernetes/manifests/kube-apiserver.yaml /root; while pgrep -x kube-apiserver; do sleep 0.2; done')))
    const resetting = lab.reset(new AbortController().signal)
    await Promise.all(['s1', 's2', 's3'].map(host => on(host, 'mv /root/kube-apiserver.yaml /etc/kubernetes/manifests')))
    const { pristine, differed, left } = await resetting
    expect({ pristine, left }).toEqual({ pristine: true, left: [] })
    expect(differed).toContainEqual(expect.stringContaining('ConfigMap default/late'))
  })
})

test('a kube-proxy that does not serve is a problem, though its pod is Ready', async () => {
  const containers = { s1: lab.container('s1'), s2: lab.container('s2') }
  await on('s2', 'pkill -STOP -x kube-proxy')
  expect(await proxyProblems(containers)).toEqual([10256, 10249].map(port => `s2: kube-proxy does not answer on port ${port}`))
  await on('s2', 'pkill -CONT -x kube-proxy')
  expect(await proxyProblems(containers)).toEqual([])
})

describe('the lab is closed', () => {
  const prove = (): Promise<void> => proveClosed(LAB, lab.record.images.host, lab.container('s2'))

  test('and the proof fails without the rule', async () => {
    await prove()
    await openEgress(LAB, lab.record.images.host)
    try {
      await expect(prove()).rejects.toThrow(/the lab (is|may be) open/)
      expect(await lab.healthy()).toContainEqual(expect.stringContaining('the firewall rule that closes the lab is gone'))
    } finally {
      await closeEgress(LAB, lab.record.images.host)
    }
    await prove()
  })
})

describe('power', () => {
  const addresses = async (): Promise<Record<string, string | undefined>> => Object.fromEntries(await Promise.all(
    ['s1', 's2', 's3'].map(async host => [host, (await inspect(lab.container(host)))?.addresses[networkName(LAB)]?.current])))
  const well = (): Promise<void> => expect.poll(() => lab.healthy(), { timeout: 300_000, interval: 2_000 }).toEqual([])

  test.runIf(nightly)('off and on in another order: every server keeps its addresses', async () => {
    await Promise.all(['s2', 's3'].map(host => lab.power('off', host)))
    for (const host of ['s3', 's2']) await lab.power('on', host)
    expect(await addresses()).toEqual(lab.record.dockerAddresses)
    await well()
    expect(differences(before, await lab.inventory())).toEqual([])
  })

  test.runIf(nightly)('a server whose pods are frozen in the middle of something can be cut; it comes back, and nothing else is different', async () => {
    const state = await inspect(lab.container('s3'))
    const freeze = `frozen=0
for file in $(find /machine/cgroup -path "*${state?.id}*kubepods*" '(' -name freezer.state -o -name cgroup.freeze ')'); do
  case $file in *freezer.state) echo FROZEN ;; *) echo 1 ;; esac > "$file" && frozen=$((frozen + 1))
done; echo $frozen`
    expect(Number(await exec(`proofbook-${LAB}-lan`, ['sh', '-c', freeze]))).toBeGreaterThan(0)
    await lab.power('cut', 's3')
    expect(await lab.healthy()).toEqual(['s3 is off'])
    await lab.power('on', 's3')
    await well()
    expect(differences(before, await lab.inventory())).toEqual([])
  })

  test('the command of a drill does the same, and refuses what it does not know', async () => {
    const machine = (await kindTarget(lab)).hosts.find(({ name }) => name === 'lab')!
    expect(await machine.bash('power cut lb\npower on lb\n', { timeout: 60_000 })).toMatchObject({ exit: 0, stdout: expect.stringMatching(/^lb is cut .*\nlb is on /) })
    expect(await machine.bash('power up lb\n', { timeout: 60_000 })).toMatchObject({ exit: 2, stderr: expect.stringContaining('expected: power cut|off|on HOST') })
    expect(await machine.bash('power cut lc\n', { timeout: 60_000 })).toMatchObject({ exit: 1, stderr: expect.stringContaining('expected one of: lb, client, s1, s2, s3') })
  })
})

describe('the lab\'s hosts by ssh', () => {
  test('the same contract as by docker exec; a host without power is a transport error in ssh\'s words', async () => {
    const [lb, client] = (await openHosts(`${lab.folder}/hosts.yaml`, { blocks: [] })).hosts
    expect(await lb!.bash('echo "$HOSTNAME $A"\nexit 255\n', { timeout: 30_000, env: { A: 'it\'s $x' } }))
      .toMatchObject({ exit: 255, stdout: 'lb it\'s $x\n' })
    expect(await client!.bash('kubectl get nodes --output name | wc -l\n', { timeout: 30_000 })).toMatchObject({ exit: 0, stdout: '3\n' })
    expect(await lb!.bash('sleep 100 &\nsleep 200\n', { timeout: 2_000 })).toMatchObject({ exit: 124, timedOut: true })
    expect(await lb!.bash('pgrep -x sleep\n', { timeout: 30_000 })).toMatchObject({ exit: 1 })
    await lab.power('cut', 'lb')
    expect(await lb!.bash('true\n', { timeout: 2_000 })).toMatchObject({ exit: 255, timedOut: false, transportError: expect.stringContaining('ssh root@192.168.0.46') })
    await lab.power('on', 'lb')
  })
})

// Last: the lab is not whole afterwards.
test('reset says what it cannot put back', async () => {
  await on('s1', 'dpkg --purge iputils-arping')
  const { pristine, left } = await lab.reset(new AbortController().signal)
  expect(pristine).toBe(false)
  expect(left).toContainEqual(expect.stringMatching(/^- package s1 iputils-arping /))
})
