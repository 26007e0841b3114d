/**
 * This machine as the only host: it answers to every host name and role of a runbook. For fixtures, the
 * benchmark, and a reader whose whole cluster is one machine. Never a lab: nothing here is ephemeral.
 */
import { execFile } from 'node:child_process'
import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { promisify } from 'node:util'
import { LAB_HOST, topologies } from '../runbook/topologies.ts'
import { runProcess } from './local-process.ts'
import type { Host, Inventory, Outcome, Target } from './target.ts'
import { remoteHost } from './transport/host.ts'

/** Every name that `on=` takes in the topologies of the book, but the lab's own machine. */
const NAMES = [...new Set(Object.values(topologies).flat())].filter(name => name !== LAB_HOST)

/** What would change how bash reads a block: a block is bash as its page says and nothing else. */
const NOT_FOR_BLOCKS = ['BASH_ENV', 'BASHOPTS', 'BASH_XTRACEFD', 'ENV', 'POSIXLY_CORRECT', 'SHELLOPTS']

export interface LocalOptions {
  /** Working folder of the blocks; where Proofbook was started when not given. */
  readonly cwd?: string
  /** Other hosts than the one that answers to every name: all of them are this machine. */
  readonly hosts?: readonly Pick<Host, 'name' | 'roles'>[]
  /** Start each block's bash before the block comes; by default yes. Of use where all blocks have the same environment. */
  readonly ahead?: boolean
  /** Begin with the session now, since there will be blocks. */
  readonly warm?: boolean
}

export function localTarget(options: LocalOptions = {}): Target {
  const hosts = options.hosts ?? [{ name: 'local', roles: NAMES }]
  return {
    name: 'local',
    lab: false,
    hosts: hosts.map(host => localHost(host, options)),
    facts: { target: 'local' },
    values: {},
    summary: `this machine (${process.platform} ${process.arch})`,
    versions: async () => ({}),
    images: [],
    inventory: async (): Promise<Inventory> => [],
  }
}

function localHost(about: Pick<Host, 'name' | 'roles'>, { cwd = process.cwd(), ahead = true, warm = false }: LocalOptions): Host {
  // bash reads ~/.bashrc when SHLVL is missing and it takes its input for a network socket.
  const env: NodeJS.ProcessEnv = { ...process.env, SHLVL: process.env.SHLVL ?? '1' }
  for (const name of NOT_FOR_BLOCKS) delete env[name]
  return {
    ...about,
    bash: process.platform === 'linux' ? bySession(about, cwd, env, ahead, warm) : byProcess(cwd, env),
    async write(path, bytes, { mode, owner }) {
      const started = Date.now()
      const file = resolve(cwd, path)
      try {
        await mkdir(dirname(file), { recursive: true })
        await writeFile(file, bytes)
        if (mode) await chmod(file, Number.parseInt(mode, 8))
        if (owner) await promisify(execFile)('chown', [owner, file])
        return written(0, '', started)
      } catch (error) {
        return written(1, `${(error as Error).message}\n`, started)
      }
    },
  }
}

function bySession(about: Pick<Host, 'name' | 'roles'>, cwd: string, env: NodeJS.ProcessEnv, ahead: boolean, warm: boolean): Host['bash'] {
  const host = remoteHost({
    place: 'this machine',
    reach: argv => argv,
    env: {},
    cleanEnv: false,
    cwd,
    localEnv: env,
    ahead,
    explain: ({ exit, stderr, connected }) => connected
      ? `what starts the blocks on this machine ended while one ran (${exit === null ? 'by a signal' : `exit ${exit}`}): how far that came is not known`
      : `bash cannot be started in ${cwd}: ${stderr.trim() || `exit ${exit}`}`,
  }, about)
  // A failure is told by the first block.
  if (warm) void host.connect().catch(() => undefined)
  return host.bash
}

/** The driver of a session needs bash 4.2 and /proc, which macOS has not. */
function byProcess(cwd: string, env: NodeJS.ProcessEnv): Host['bash'] {
  return (script, { env: more, ...limits }) =>
    runProcess('bash', ['-eo', 'pipefail', '/dev/fd/3'], { ...limits, cwd, script, env: { ...env as Record<string, string>, ...more } })
}

function written(exit: number, stderr: string, started: number): Outcome {
  return { exit, stdout: '', stderr, output: stderr, durationMs: Date.now() - started, timedOut: false }
}
