import { quote } from '../session/frames.ts'
import type { Question, Refusal, Transport } from './transport.ts'

export interface SshOptions {
  /** `user@host`, or a name of the config. */
  readonly destination: string
  readonly port?: number
  /** Path of a private key. */
  readonly identity?: string
  /** `user@host` or a name of the config, through which the host is reached. */
  readonly jump?: string
  /** Path of an ssh_config to use in place of the reader's. */
  readonly config?: string
  /** Become root by sudo on the host; with a function, that says the password when sudo asks for it. */
  readonly sudo?: boolean | Question['answer']
  /** In place of ssh's last words. */
  readonly explain?: (refusal: Refusal) => string | Promise<string>
}

/** Comes on standard error when sudo wants a password; begins with a control character that nothing else prints. */
const SUDO_PROMPT = '\x1eproofbook: password for sudo'

/**
 * Never ask anything, never take an unknown or changed host key, never write to the reader's known_hosts: for the host
 * and for the jump host alike. `-J` would pass none of this on to the jump host, hence a ProxyCommand of our own.
 */
const STRICT = ['BatchMode=yes', 'StrictHostKeyChecking=yes', 'UpdateHostKeys=no', 'LogLevel=INFO', 'ConnectTimeout=10',
  'ServerAliveInterval=15', 'ServerAliveCountMax=3'].flatMap(option => ['-o', option])

/** A host by OpenSSH, with the reader's own keys, known hosts and config. */
export function sshTransport(options: SshOptions): Transport {
  const { destination, port, identity, jump, config, sudo = false } = options
  const file = config === undefined ? [] : ['-F', config]
  const key = identity === undefined ? [] : ['-i', identity, '-o', 'IdentitiesOnly=yes']
  const proxy = jump === undefined ? []
    : ['-o', `ProxyCommand=${['ssh', ...file, ...STRICT, ...key, '-W', '[%h]:%p', '--', jump].map(quoteForProxy).join(' ')}`]
  const root = sudo === false ? [] : sudo === true ? ['sudo', '-n', '--'] : ['sudo', '-S', '-p', SUDO_PROMPT, '--']
  return {
    place: destination,
    reach: argv => ['ssh', ...file, ...STRICT, ...key, ...port === undefined ? [] : ['-p', String(port)], ...proxy, '-T', '--',
      destination, [...root, ...argv].map(quote).join(' ')],
    env: { LANG: 'C.UTF-8', TERM: 'dumb', SHLVL: '1' },
    cleanEnv: false,
    localEnv: { ...process.env, SSH_ASKPASS_REQUIRE: 'never' },
    ...typeof sudo === 'function' ? { question: { prompt: SUDO_PROMPT, answer: sudo } } : {},
    explain: options.explain ?? (({ exit, stderr }) => `ssh ${destination}: ${lastWords(stderr) || `connection lost (exit ${exit})`}`),
  }
}

/** The last two lines of what ssh said. */
export function lastWords(stderr: string): string {
  return stderr.trim().split(/\s*\n/).slice(-2).join('; ')
}

/** ssh expands %h and %p in a ProxyCommand before the shell sees it. */
function quoteForProxy(word: string): string {
  return word === '[%h]:%p' ? `'${word}'` : quote(word.replaceAll('%', '%%'))
}
