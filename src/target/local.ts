/**
 * This machine as the only host: it answers to every host name and role of a runbook. For fixtures, the
 * benchmark, and a reader whose whole cluster is one machine. Never a lab: nothing here is ephemeral.
 */
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { delimiter, dirname, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { LAB_HOST, topologies } from '../runbook/topologies.ts'
import { runProcess } from './local-process.ts'
import type { Host, Inventory, Outcome, Target } from './target.ts'

/** Every name that `on=` takes in the topologies of the book, but the lab's own machine. */
const NAMES = [...new Set(Object.values(topologies).flat())].filter(name => name !== LAB_HOST)

/** With its folder: else the system and then bash itself try every folder of PATH for each block. */
const bash = (process.env.PATH ?? '').split(delimiter).map(folder => join(folder, 'bash')).find(file => existsSync(file)) ?? 'bash'

export interface LocalOptions {
  /** Working folder of the blocks; where Proofbook was started when not given. */
  readonly cwd?: string
  /** Other hosts than the one that answers to every name: all of them are this machine. */
  readonly hosts?: readonly Pick<Host, 'name' | 'roles'>[]
}

export function localTarget(options: LocalOptions = {}): Target {
  const hosts = options.hosts ?? [{ name: 'local', roles: NAMES }]
  return {
    name: 'local',
    lab: false,
    hosts: hosts.map(host => localHost(host, options.cwd ?? process.cwd())),
    facts: { target: 'local' },
    values: {},
    summary: `this machine (${process.platform} ${process.arch})`,
    versions: async () => ({}),
    images: [],
    inventory: async (): Promise<Inventory> => [],
  }
}

function localHost({ name, roles }: Pick<Host, 'name' | 'roles'>, cwd: string): Host {
  // bash reads ~/.bashrc when SHLVL is missing and it takes its input for a network socket. Copied once: it is slow.
  const ours = { ...process.env, SHLVL: process.env.SHLVL ?? '1' }
  return {
    name,
    roles,
    bash: (script, { env, ...limits }) => runProcess(bash, ['-eo', 'pipefail', '/dev/fd/3'], {
      ...limits,
      cwd,
      script,
      env: env ? { ...ours, ...env } : ours,
    }),
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

function written(exit: number, stderr: string, started: number): Outcome {
  return { exit, stdout: '', stderr, output: stderr, durationMs: Date.now() - started, timedOut: false }
}
