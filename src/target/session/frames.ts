/** What is sent to the driver. */
import { FITS_A_PIPE, RUN_VARIABLE } from './limits.ts'

export interface Step {
  /** Milliseconds. */
  readonly timeout: number
  /** What the step's program reads on descriptor 3. */
  readonly bytes: Buffer
  /** Environment of this step only. */
  readonly env?: Readonly<Record<string, string>>
  /** Another program than `bash -eo pipefail /dev/fd/3`. */
  readonly argv?: readonly string[]
}

/** Names that bash keeps for itself: assigning to them fails, and it sets them anew anyway. */
const OWN = new Set(['BASHOPTS', 'BASH_VERSINFO', 'EUID', 'PPID', 'SHELLOPTS', 'UID', RUN_VARIABLE])

export function runFrame({ timeout, bytes, env = {}, argv }: Step): Buffer {
  const exports = Object.entries(env)
    .filter(([name]) => /^[A-Za-z_]\w*$/.test(name) && !OWN.has(name))
    .map(([name, value]) => `export ${name}=${quote(value)}\n`)
  const environment = Buffer.from(exports.join(''))
  const program = Buffer.from(argv ? `set -- ${argv.map(quote).join(' ')}\n` : '')
  const how = bytes.length <= FITS_A_PIPE && !bytes.includes(0) ? 'pipe' : 'file'
  return Buffer.concat([Buffer.from(`run ${Math.max(1, Math.ceil(timeout))} ${environment.length} ${program.length} ${how} ${bytes.length}\n`), environment, program, bytes])
}

export const PING = Buffer.from('ping\n')

/** One word for a POSIX shell. */
export function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll('\'', String.raw`'\''`)}'`
}
