/**
 * An OCI runtime for engines on machines without CAP_SYS_RESOURCE: Docker asks for every capability when a container is
 * privileged, and runc then refuses ("unable to apply caps: operation not permitted").
 */
import { existsSync } from 'node:fs'
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { ENGINE_SETTINGS, enginePid, FITTED_RUNTIME } from '../doctor/docker.ts'
import { PreflightError } from '../doctor/finding.ts'
import { asset } from '../images/assets.ts'
import { run } from '../images/run.ts'
import type { Action } from './action.ts'

const program = '/usr/local/sbin/proofbook-runc'

export const fitRuntime: Action = {
  what: `make ${program} Docker's default runtime (${ENGINE_SETTINGS}): it takes away what this machine cannot give`,
  commands: ['proofbook setup --yes    # as root'],
  root: true,
  run: (progress) => progress.stage(`fit Docker to a machine without CAP_SYS_RESOURCE (${ENGINE_SETTINGS})`, async () => {
    await writeFile(program, asset('runc-capfit.sh').replace('@RUNC@', 'runc'))
    await chmod(program, 0o755)
    await mkdir(dirname(ENGINE_SETTINGS), { recursive: true })
    const present = existsSync(ENGINE_SETTINGS) ? await readFile(ENGINE_SETTINGS, 'utf8') : '{}'
    await writeFile(ENGINE_SETTINGS, withRuntime(present))
    // a running engine reads both keys again upon this, without a restart
    const pid = enginePid()
    if (pid !== undefined) await run(['kill', '-HUP', pid])
  }),
}

/**
 * Docker's settings with our runtime as the default.
 * @throws PreflightError when the file is not JSON, or names another default runtime on purpose
 */
export function withRuntime(text: string): string {
  const stop = (message: string): never => {
    throw new PreflightError(`${ENGINE_SETTINGS} ${message}`, [{ name: 'CAP_SYS_RESOURCE', state: 'missing', detail: message, fix: `edit ${ENGINE_SETTINGS}` }])
  }
  let present: Record<string, unknown> = {}
  try {
    present = JSON.parse(text) as Record<string, unknown>
  } catch (error) {
    stop(`is not JSON: ${(error as Error).message}`)
  }
  const chosen = present['default-runtime'] ?? 'runc'
  if (chosen !== 'runc' && chosen !== FITTED_RUNTIME) {
    stop(`names the default runtime ${String(chosen)}; expected runc. Labs here need ${program} in its place`)
  }
  const runtimes = { ...present.runtimes as object | undefined, [FITTED_RUNTIME]: { path: program } }
  return `${JSON.stringify({ ...present, runtimes, 'default-runtime': FITTED_RUNTIME }, null, 2)}\n`
}
