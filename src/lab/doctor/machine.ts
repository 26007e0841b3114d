/** The machine itself: system, architecture, space, memory. */
import { existsSync, readFileSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { totalmem } from 'node:os'
import { dirname } from 'node:path'
import { atLeast } from '../images/go.ts'
import { cacheFolder } from '../cache.ts'
import { proxiesIn } from '../proxy.ts'
import type { Finding } from './finding.ts'

export interface MachineFacts {
  readonly platform: string
  readonly arch: string
  /** `24.21.0` */
  readonly node: string
  readonly root: boolean
  /** Debian or a child of it, so that packages can be installed with apt-get. */
  readonly debian: boolean
  /** systemd is PID 1 here. */
  readonly systemd: boolean
  readonly cache: string
  /** Bytes. */
  readonly free: number
  /** What there is of it, and what of that is left; of this container, where it is limited. */
  readonly memory: number
  readonly available: number
  /** Names of the variables of this process that tell of a proxy. */
  readonly proxies: readonly string[]
}

const GB = 1e9
/** A cold build takes 20 GB of caches and outputs, and Docker 2 GB: see the README for measured figures. */
const COLD_BUILD = 25 * GB
/** A warm lab: volumes of three nodes, logs. */
const WARM_LAB = 5 * GB
const MEMORY = 8 * GB
/** A server with its etcd and what runs beside it: with less the kernel kills one of them sooner or later. */
const LEAST_MEMORY = 2 * GB
/** With less than this part of the space that is wanted, it is certain to run out. */
const LEAST_PART = 1 / 3

export async function machineFacts(): Promise<MachineFacts> {
  const { bavail, bsize } = await statfs(existing(cacheFolder()))
  const release = existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : ''
  return {
    platform: process.platform,
    arch: process.arch,
    node: process.versions.node,
    root: process.getuid?.() === 0,
    debian: /^ID(_LIKE)?=.*\b(debian|ubuntu)\b/m.test(release),
    systemd: existsSync('/run/systemd/system'),
    cache: cacheFolder(),
    free: bavail * bsize,
    memory: Math.min(totalmem(), process.constrainedMemory() || Infinity),
    available: process.availableMemory(),
    proxies: proxiesIn(process.env),
  }
}

/** The folder, or what is there of the way to it. */
const existing = (folder: string): string => existsSync(folder) ? folder : existing(dirname(folder))

/** @param cold something has to be built */
export function machineFindings(facts: MachineFacts, cold: boolean): Finding[] {
  return [system(facts), nodeVersion(facts), space(facts, cold), memory(facts), ...proxy(facts)]
}

function system({ platform, arch }: MachineFacts): Finding {
  const here = `${platform} on ${arch}`
  if (platform === 'linux' && (arch === 'x64' || arch === 'arm64')) return { name: 'system', state: 'ok', detail: here }
  return {
    name: 'system', state: 'missing', detail: `${here}; labs need Linux on x64 or arm64`,
    fix: 'Run it in a Linux virtual machine. list, show, check, extract and run --target hosts work here.',
  }
}

function nodeVersion({ node }: MachineFacts): Finding {
  if (atLeast(node, '22.15.0')) return { name: 'Node.js', state: 'ok', detail: node }
  return { name: 'Node.js', state: 'missing', detail: `${node}; expected 22.15 or later`, fix: 'npm ci in the checkout brings Node 24 into node_modules/.bin' }
}

function space({ free, cache }: MachineFacts, cold: boolean): Finding {
  const wanted = cold ? COLD_BUILD : WARM_LAB
  const detail = `${(free / GB).toFixed(0)} GB free at ${cache}`
  if (free >= wanted) return { name: 'disk', state: 'ok', detail }
  return {
    name: 'disk', state: free < wanted * LEAST_PART ? 'missing' : 'warn', detail: `${detail}; ${cold ? 'a first build' : 'a lab'} wants ${wanted / GB} GB`,
    fix: 'Free some, or set XDG_CACHE_HOME to a folder on a larger disk',
  }
}

function memory({ memory: bytes, available }: MachineFacts): Finding {
  const detail = `${(bytes / GB).toFixed(1)} GB, ${(available / GB).toFixed(1)} GB of them free`
  if (available < LEAST_MEMORY) {
    return {
      name: 'memory', state: 'missing', detail: `${detail}; even a lab of one server wants ${LEAST_MEMORY / GB} GB free`,
      fix: 'Close what uses memory (other labs: proofbook lab list), or give this machine or container more',
    }
  }
  if (bytes >= MEMORY * 0.95) return { name: 'memory', state: 'ok', detail }
  return { name: 'memory', state: 'warn', detail: `${detail}; a lab of three servers wants ${MEMORY / GB} GB`, fix: 'Close what uses memory' }
}

/** Said, since a proxy is what a reader suspects first when a lab gets no answer. */
function proxy({ proxies }: MachineFacts): Finding[] {
  if (proxies.length === 0) return []
  return [{ name: 'proxy', state: 'adapted', detail: `${proxies.join(', ')}: used for what is fetched; hosts and nodes of a lab, and what asks them, get none of it` }]
}
