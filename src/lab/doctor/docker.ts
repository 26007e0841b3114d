/** Docker: client, engine, and whether privileged containers can start. */
import { readFileSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { ask, run } from '../images/run.ts'
import { aheadOf, clockFindings } from './clock.ts'
import type { Finding } from './finding.ts'

export interface DockerFacts {
  readonly client?: string
  /** `dockerd` is on PATH. */
  readonly installed: boolean
  readonly engine?: {
    readonly version: string
    readonly storage: string
    readonly runtime: string
    readonly rootless: boolean
    /** Bytes left where it keeps images and containers; `undefined` where that is another machine's disk. */
    readonly free?: number
    /** Where that is. */
    readonly root: string
    /** Milliseconds that its clock is ahead of ours. */
    readonly ahead: number
  }
  /** Why the engine does not answer. */
  readonly problem?: string
  readonly lacksSysResource: boolean
  /** Our runtime is the engine's default, or will be when it starts. */
  readonly fitted: boolean
}

/** Name of the OCI runtime that set-up registers where capabilities are missing. */
export const FITTED_RUNTIME = 'proofbook'
export const ENGINE_SETTINGS = '/etc/docker/daemon.json'

const SYS_RESOURCE = 24n

export async function dockerFacts(): Promise<DockerFacts> {
  const asked = Date.now()
  const [client, installed, { info, answered }] = await Promise.all([
    ask(['docker', '--version']),
    ask(['sh', '-c', 'command -v dockerd || PATH=$PATH:/usr/sbin:/sbin command -v dockerd']),
    run(['docker', 'info', '--format', '{{json .}}'], { timeout: 20_000 }).catch((error: Error) => error)
      .then(info => ({ info, answered: Date.now() })),
  ])
  const answer = typeof info === 'string' ? JSON.parse(info) as Info : undefined
  const version = /version (\S+?),/.exec(client ?? '')?.[1]
  const problem = answer === undefined ? lastLine(String(info)) : answer.ServerErrors?.[0]
  return {
    ...version === undefined ? {} : { client: version },
    installed: installed !== undefined,
    ...answer === undefined || answer.ServerVersion === '' || answer.ServerVersion === undefined ? {} : {
      engine: {
        version: answer.ServerVersion,
        storage: answer.Driver,
        runtime: answer.DefaultRuntime,
        rootless: (answer.SecurityOptions ?? []).some((option) => option.includes('rootless')),
        root: answer.DockerRootDir ?? '',
        ahead: aheadOf(Date.parse(answer.SystemTime ?? ''), asked, answered) ?? 0,
        ...await freeAt(answer.DockerRootDir),
      },
    },
    ...problem === undefined ? {} : { problem },
    lacksSysResource: lacksSysResource(),
    fitted: (answer?.DefaultRuntime ?? chosenRuntime()) === FITTED_RUNTIME,
  }
}

interface Info {
  readonly ServerVersion?: string
  readonly Driver: string
  readonly DefaultRuntime: string
  readonly SecurityOptions?: readonly string[]
  readonly DockerRootDir?: string
  readonly SystemTime?: string
  readonly ServerErrors?: readonly string[]
}

export function dockerFindings(facts: DockerFacts): Finding[] {
  return [engine(facts), ...facts.engine === undefined ? [] : [storage(facts.engine), space(facts.engine), clockFindings('Docker\'s machine', facts.engine.ahead), privileged(facts, facts.engine)].flat()]
}

function engine({ client, installed, engine: server, problem }: DockerFacts): Finding {
  const name = 'Docker'
  if (server !== undefined && !server.rootless) return { name, state: 'ok', detail: `client ${client}, engine ${server.version}` }
  if (server !== undefined) {
    return { name, state: 'missing', detail: 'the engine is rootless; labs need privileged containers', fix: 'docker context use default' }
  }
  if (problem !== undefined && /permission denied/i.test(problem)) {
    return { name, state: 'missing', detail: problem, fix: 'sudo usermod --append --groups docker "$USER", then log in again' }
  }
  if (installed) return { name, state: 'missing', detail: `the engine does not answer: ${problem ?? 'no reason given'}`, fix: 'proofbook setup' }
  return { name, state: 'missing', detail: client === undefined ? 'not installed' : `client ${client}, no engine`, fix: 'proofbook setup' }
}

function storage({ storage: driver }: { storage: string }): Finding {
  const fast = ['overlay2', 'overlayfs', 'btrfs', 'zfs', 'fuse-overlayfs'].includes(driver)
  return fast
    ? { name: 'Docker storage', state: 'ok', detail: driver }
    : { name: 'Docker storage', state: 'warn', detail: `${driver} copies whole images for each node`, fix: 'Keep /var/lib/docker on ext4 or xfs, where overlay2 works' }
}

/** Images of a lab take 1.2 GB, volumes of its three servers as much (measured). */
const WANTED = 5e9
const LEAST = 2e9

function space({ free, root }: { free?: number, root: string }): Finding[] {
  if (free === undefined) return []
  const detail = `${(free / 1e9).toFixed(0)} GB free at ${root}`
  if (free >= WANTED) return [{ name: 'Docker disk', state: 'ok', detail }]
  return [{
    name: 'Docker disk', state: free < LEAST ? 'missing' : 'warn', detail: `${detail}; a lab wants ${WANTED / 1e9} GB`,
    fix: 'docker system df tells what takes it; docker system prune removes what no container uses',
  }]
}

function privileged({ lacksSysResource, fitted }: DockerFacts, { runtime }: { runtime: string }): Finding {
  const name = 'CAP_SYS_RESOURCE'
  if (!lacksSysResource) return { name, state: 'ok', detail: 'present' }
  if (fitted) {
    return { name, state: 'adapted', detail: `not to be had here; Docker's runtime ${FITTED_RUNTIME} and the nodes' own take it out of what containers ask for` }
  }
  return { name, state: 'missing', detail: `not to be had here, and Docker's runtime ${runtime} then starts no privileged container`, fix: 'proofbook setup' }
}

async function freeAt(root: string | undefined): Promise<{ free?: number }> {
  try {
    const { bavail, bsize } = await statfs(root ?? '')
    return { free: bavail * bsize }
  } catch {
    return {}
  }
}

function chosenRuntime(): string | undefined {
  try {
    return (JSON.parse(readFileSync(ENGINE_SETTINGS, 'utf8')) as { 'default-runtime'?: string })['default-runtime']
  } catch {
    return undefined
  }
}

/** The engine (or else this process) may not give CAP_SYS_RESOURCE away. */
export const lacksSysResource = (): boolean => !hasCapability(SYS_RESOURCE)

/** Of the engine where its process can be seen, since containers get theirs from it; else of this process. */
function hasCapability(bit: bigint): boolean {
  for (const path of [enginePid(), 'self']) {
    try {
      const mask = /^CapBnd:\s*([0-9a-f]+)/m.exec(readFileSync(`/proc/${path}/status`, 'utf8'))?.[1]
      if (mask !== undefined) return (BigInt(`0x${mask}`) >> bit & 1n) === 1n
    } catch {}
  }
  return true
}

/** `undefined` where no engine of this machine's root runs. */
export function enginePid(): string | undefined {
  try {
    const pid = readFileSync('/var/run/docker.pid', 'utf8').trim()
    return readFileSync(`/proc/${pid}/comm`, 'utf8').trim() === 'dockerd' ? pid : undefined
  } catch {
    return undefined
  }
}

const lastLine = (text: string): string => text.trim().split('\n').at(-1) ?? ''
