/** What a lab asks of Docker, by the docker command: it knows contexts, sockets and credentials of the reader. */
import { ask, run, type RunOptions } from '../images/run.ts'

export interface ContainerState {
  readonly id: string
  readonly name: string
  readonly image: string
  readonly running: boolean
  /** Of the first process, on the machine; 0 when it does not run. */
  readonly pid: number
  readonly labels: Readonly<Record<string, string>>
  /** That it was made with. */
  readonly firstNetwork: string
  /** By network: what it has now, and what it always gets. */
  readonly addresses: Readonly<Record<string, { readonly current: string, readonly pinned: string | undefined }>>
}

/** @throws CommandFailed with Docker's own words */
export const docker = (args: readonly string[], options?: RunOptions): Promise<string> =>
  run(['docker', ...args], options)

/** Runs a command in a container; `input` on its standard input. */
export const exec = (container: string, argv: readonly string[], options: RunOptions = {}): Promise<string> =>
  docker(['exec', ...(options.input === undefined ? [] : ['--interactive']), container, ...argv], options)

/** Writes a file in a container, with its parents. */
export async function put(container: string, path: string, text: string, mode: string): Promise<void> {
  const script = 'umask 077; mkdir -p "$(dirname "$1")" && chmod a+rx "$(dirname "$1")" && cat > "$1" && chmod "$2" "$1"'
  await exec(container, ['sh', '-c', script, 'put', path, mode], { input: text })
}

/** Names of the containers that carry one of these labels, running or not. */
export async function containersWith(...labels: readonly string[]): Promise<string[]> {
  const lists = await Promise.all(labels.map(label =>
    docker(['ps', '--all', '--filter', `label=${label}`, '--format', '{{.Names}}'])))
  return [...new Set(lists.join('').split('\n').filter(name => name !== ''))]
}

interface Inspected {
  Id: string
  Name: string
  State: { Running: boolean, Pid: number }
  Config: { Image: string, Labels: Record<string, string> | null }
  HostConfig: { NetworkMode: string }
  NetworkSettings: { Networks: Record<string, { IPAddress: string, IPAMConfig: { IPv4Address?: string } | null }> }
}

/** Undefined when there is no such container. */
export async function inspect(container: string): Promise<ContainerState | undefined> {
  const text = await ask(['docker', 'container', 'inspect', container])
  if (text === undefined) return undefined
  const [found] = JSON.parse(text) as [Inspected]
  return {
    id: found.Id,
    name: found.Name.slice(1),
    image: found.Config.Image,
    running: found.State.Running,
    pid: found.State.Pid,
    labels: found.Config.Labels ?? {},
    firstNetwork: found.HostConfig.NetworkMode,
    addresses: Object.fromEntries(Object.entries(found.NetworkSettings.Networks).map(([network, { IPAddress, IPAMConfig }]) =>
      [network, { current: IPAddress, pinned: IPAMConfig?.IPv4Address }])),
  }
}
