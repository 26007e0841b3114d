/** Starts the Docker engine. */
import { existsSync } from 'node:fs'
import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { logs } from '../cache.ts'
import { PreflightError } from '../doctor/finding.ts'
import { ask, OUTLIVES, run } from '../images/run.ts'
import type { Action } from './action.ts'

/** Seconds. */
const PATIENCE = 60

export function startEngine(systemd: boolean): Action {
  const log = join(logs(), 'dockerd.log')
  return {
    what: 'start the Docker engine',
    commands: [systemd ? 'systemctl start docker' : 'dockerd &'],
    root: true,
    run: (progress, signal) => progress.stage('start the Docker engine', async () => {
      if (systemd) {
        await run(['systemctl', 'enable', '--now', 'docker'])
      } else {
        await mkdir(logs(), { recursive: true })
        // in a session of its own: it outlives this command
        await run(['sh', '-c', 'PATH=$PATH:/usr/sbin:/sbin; exec setsid --fork dockerd > "$1" 2>&1 < /dev/null', 'sh', log], { env: OUTLIVES })
      }
      if (!await answers(log, signal)) throw await silent(log)
      if (!systemd) progress.note(`the Docker engine writes its log to ${log}`)
    }),
  }
}

/**
 * A package's own start script may have started one too: whichever answers will do, and the other's complaint about it
 * is no failure.
 */
async function answers(log: string, signal?: AbortSignal): Promise<boolean> {
  const end = performance.now() + PATIENCE * 1000
  while (performance.now() < end) {
    signal?.throwIfAborted()
    if (await ask(['docker', 'info'], { timeout: 10_000 }) !== undefined) return true
    if (/^failed to start daemon: (?!pid file found)/m.test(await text(log))) return false
    await new Promise((resolve) => { setTimeout(resolve, 250) })
  }
  return false
}

const text = async (file: string): Promise<string> => existsSync(file) ? readFile(file, 'utf8') : ''

async function silent(log: string): Promise<PreflightError> {
  const tail = (await text(log)).trimEnd().split('\n').slice(-5).join('\n')
  const detail = 'the Docker engine was started and does not answer'
  return new PreflightError(`${detail}\n${tail}`, [{ name: 'Docker', state: 'missing', detail, fix: `read ${log}` }])
}
