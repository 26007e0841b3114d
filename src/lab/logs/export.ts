/** Everything that helps to find out what happened in a lab, in one file to send to somebody. No keys, no Secrets. */
import { copyFile, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { run } from '../images/run.ts'
import type { Lab } from '../lab.ts'
import { hasCluster, hostNamed } from '../topology/topology.ts'
import { hasJournal } from './sources.ts'

/** File name, and what prints it. What `kind export logs` has, and how the host sees its network. */
const HOST: readonly (readonly [file: string, script: string])[] = [
  ['network.txt', 'ip -d addr; ip route show table all; ip rule; ss -lntup'],
  ['firewall.txt', 'iptables-save; ip6tables-save; nft list ruleset'],
  ['processes.txt', 'ps -ef'],
]
const WITH_JOURNAL: typeof HOST = [['journal.log', 'journalctl --no-pager --boot']]
const NODE: typeof HOST = [
  ['kubelet.log', 'journalctl --no-pager --boot --unit kubelet'],
  ['containerd.log', 'journalctl --no-pager --boot --unit containerd'],
  ['containers.txt', 'crictl ps --all'],
  ['images.txt', 'crictl images'],
  ['kubernetes-version.txt', 'cat /kind/version'],
]

const CLUSTER: readonly (readonly [file: string, ...args: string[]])[] = [
  ['nodes.txt', 'describe', 'nodes'],
  ['events.txt', 'get', 'events', '--all-namespaces', '--sort-by=.lastTimestamp'],
  ['objects.yaml', 'get', 'all,configmaps,endpointslices,networkpolicies,nodes', '--all-namespaces', '--output', 'yaml'],
]

/** Of the lab's own folder: neither keys nor kubeconfig. */
const FILES = ['lab.json', 'inventory.json', 'kind.yaml', 'k3d.yaml']

/**
 * Writes `DIRECTORY/proofbook-LAB-logs.tar.gz` and returns its path. What cannot be had, such as a host that is off, is
 * told in `missing.txt` inside.
 */
export async function exportLogs(lab: Lab, directory: string, signal: AbortSignal): Promise<string> {
  await mkdir(directory, { recursive: true })
  const work = await mkdtemp(join(directory, '.proofbook-logs-'))
  try {
    const top = `proofbook-${lab.name}-logs`
    const root = join(work, top)
    const missing = (await Promise.all([
      ...lab.topology.hosts.map(({ name }) => ofHost(lab, name, join(root, name), signal)),
      hasCluster(lab.topology) ? ofCluster(lab, join(root, 'cluster'), signal) : [],
      ofLab(lab, root, signal),
    ])).flat()
    await writeFile(join(root, 'missing.txt'), missing.map(line => `${line}\n`).join(''))
    const tar = join(work, 'logs.tar.gz')
    await run(['tar', '--create', '--gzip', '--file', tar, '--directory', work, top], { signal })
    const file = join(directory, `${top}.tar.gz`)
    await rename(tar, file)
    return file
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

async function ofHost(lab: Lab, host: string, folder: string, signal: AbortSignal): Promise<string[]> {
  const container = lab.container(host)
  const plan = hostNamed(lab.topology, host)
  const scripts = [...HOST, ...hasJournal(lab, plan) ? WITH_JOURNAL : [], ...hasJournal(lab, plan) && plan?.kind !== 'machine' ? NODE : []]
  const collect = collector(folder, signal)
  return collect([
    ['inspect.json', ['docker', 'container', 'inspect', container]],
    ['console.log', ['sh', '-c', 'exec docker logs --timestamps "$1" 2>&1', 'console', container]],
    // Some of it may be missing from an image; what there is counts.
    ...scripts.map(([file, script]) => [file, ['docker', 'exec', container, 'sh', '-c', `{ ${script}; } 2>&1 || true`]] as const),
    ...plan?.kind === 'machine' ? [] : [['pods', ['docker', 'cp', `${container}:/var/log/pods`, join(folder, 'pods')]] as const],
  ])
}

const ofCluster = (lab: Lab, folder: string, signal: AbortSignal): Promise<string[]> => collector(folder, signal)(
  CLUSTER.map(([file, ...args]) => [file, [lab.record.programs.kubectl, '--kubeconfig', join(lab.folder, 'kubeconfig'), '--request-timeout=20s', ...args]]))

async function ofLab(lab: Lab, folder: string, signal: AbortSignal): Promise<string[]> {
  await mkdir(folder, { recursive: true })
  for (const file of FILES) await copyFile(join(lab.folder, file), join(folder, file)).catch(() => undefined)
  return collector(folder, signal)([['docker.txt', ['sh', '-c', 'docker version; docker info']]])
}

/** Runs each and keeps what it prints under that name; a command that prints nothing has written the file itself. */
function collector(folder: string, signal: AbortSignal) {
  return async (wanted: readonly (readonly [file: string, argv: readonly string[]])[]): Promise<string[]> => {
    await mkdir(folder, { recursive: true })
    const problems = await Promise.all(wanted.map(async ([file, argv]) => {
      try {
        const printed = await run(argv, { signal, timeout: 60_000 })
        if (printed !== '') await writeFile(join(folder, file), printed)
        return []
      } catch (error) {
        signal.throwIfAborted()
        return [`${join(folder.split('/').at(-1) ?? '', file)}: ${(error as Error).message.split('\n').join(' ')}`]
      }
    }))
    return problems.flat()
  }
}
