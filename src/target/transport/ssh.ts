import type { Transport } from './transport.ts'

export interface SshOptions {
  /** `user@host`, or a name of the config. */
  readonly destination: string
  /** Path of an ssh_config to use in place of the reader's. */
  readonly config?: string
  /** Become root by `sudo -n` on the host. */
  readonly sudo?: boolean
}

/** A host by OpenSSH, never asking anything: keys and known hosts are the reader's own. */
export function sshTransport({ destination, config, sudo = false }: SshOptions): Transport {
  const options = ['-o', 'BatchMode=yes', '-o', 'ConnectTimeout=10', '-o', 'ServerAliveInterval=15', '-T']
  const file = config === undefined ? [] : ['-F', config]
  return {
    place: destination,
    reach: argv => ['ssh', ...file, ...options, '--', destination,
      [...(sudo ? ['sudo', '-n'] : []), ...argv].map(quote).join(' ')],
    env: { LANG: 'C.UTF-8', TERM: 'dumb', SHLVL: '1' },
    cleanEnv: false,
    explain: (exit, stderr) => stderr.trim() === ''
      ? `ssh ${destination}: connection lost (exit ${exit})`
      : `ssh ${destination}: ${stderr.trim().split(/\s*\n/).slice(-2).join('; ')}`,
  }
}

/** One word for a POSIX shell: sshd hands the command line to the user's own. */
export function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll('\'', String.raw`'\''`)}'`
}
