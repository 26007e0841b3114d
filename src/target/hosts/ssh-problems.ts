/**
 * Why a host could not be reached, from what OpenSSH (its English, 7.x to 10.x) and sudo say. The first that fits is
 * told; each names what to try next.
 */
import { lastWords } from '../transport/ssh.ts'
import type { Refusal } from '../transport/transport.ts'
import type { SshEntry } from './inventory.ts'
import { wayTo } from './inventory.ts'
import { fingerprintAt } from './known-hosts.ts'

export interface Where {
  /** The host's name in the inventory. */
  readonly name: string
  readonly ssh: SshEntry
  /** The reader's own command line for the same way, without options of ours. */
  readonly byHand: string
  /** The fingerprint of the key that the host shows, asked for when it is unknown. */
  offered(): Promise<string | undefined>
}

interface Problem {
  readonly pattern: RegExp
  tell(found: RegExpExecArray, where: Where, stderr: string): string | Promise<string>
}

/** `user@` of a destination, or the reader's word for it. */
const userOf = ({ destination }: SshEntry): string => destination.includes('@') ? destination.split('@')[0]! : 'the user of your ssh_config'

const problems: readonly Problem[] = [
  {
    pattern: /REMOTE HOST IDENTIFICATION HAS CHANGED/,
    async tell(_, { name }, stderr) {
      const [, host = name] = /Host key for (\S+) has changed/.exec(stderr) ?? []
      const [, type = '', received = ''] = /fingerprint for the (\S+) key sent by the remote host is\s+(\S+?)\.?\s/.exec(stderr) ?? []
      const [, file = '', line = '0'] = /Offending \S+ key in (.+):(\d+)/.exec(stderr) ?? []
      const expected = await fingerprintAt(file, Number(line))
      return `the host key of ${host} has changed, so it may be another machine. Received ${type} ${received}, `
        + `expected ${expected ?? 'another key'} (${file}:${line}). If you know why it changed, compare `
        + `\`ssh-keygen -lf /etc/ssh/ssh_host_${type.toLowerCase()}_key.pub\` on the host's own console with what was received, `
        + `then forget the old key: ssh-keygen -f ${file} -R ${quoted(host)}`
    },
  },
  {
    pattern: /No (\S+) host key is known for (\S+) and you have requested strict checking/,
    async tell([, type = '', host = ''], { byHand, offered }) {
      const received = await offered()
      return `the host key of ${host} is not known. Received ${type}${received === undefined ? '' : ` ${received}`}, expected a key of your `
        + `known_hosts. Compare it on the host's own console (ssh-keygen -lf /etc/ssh/ssh_host_${type.toLowerCase()}_key.pub), `
        + `then connect once by hand and say yes: ${byHand}`
    },
  },
  {
    pattern: /UNPROTECTED PRIVATE KEY FILE[\s\S]*?Permissions \S+ for '([^']+)'/,
    tell: ([, file]) => `ssh does not use ${file}, which others can read; try: chmod 600 ${file}`,
  },
  {
    pattern: /Identity file (\S+) not accessible: (.+?)\.?\s*$/m,
    tell: ([, file, why]) => `the private key ${file} cannot be read (${why}); correct identity: in the inventory`,
  },
  {
    pattern: /sudo: .*(?:a password is required|a terminal is required to read the password)/,
    tell: (_, { name }) => `sudo on ${name} asks for a password, and the inventory says sudo: true; write sudo: password, `
      + 'or allow the user NOPASSWD in sudoers',
  },
  {
    pattern: /(\S+) is not (?:in the sudoers file|allowed to execute)/,
    tell: ([, user], { name }) => `${user} may not use sudo on ${name}; add the user to sudoers there (visudo), or name another user`,
  },
  {
    pattern: /sudo: (?:command )?not found|sudo: No such file/,
    tell: (_, { name }) => `there is no sudo on ${name}; leave sudo: out and name root as the user, or install it`,
  },
  {
    pattern: /(\S+): Permission denied \(([^)]*)\)|Too many authentication failures/,
    tell: ([, at, methods], { ssh, byHand }) => `${at ?? ssh.destination} does not let ${userOf(ssh)} in with your keys`
      + `${methods === undefined ? '' : ` (it takes: ${methods})`}; check the user and identity: in the inventory, or put your key there: `
      + byHand.replace(/^ssh /, 'ssh-copy-id '),
  },
  {
    pattern: /Could not resolve hostname (\S+?):/,
    tell: ([, host], { name }) => `nobody knows the name ${host}; correct it for host ${name} in the inventory, or in your ssh_config or DNS`,
  },
  {
    pattern: /Connection refused/,
    tell: (_, { name, byHand }) => `the connection was refused: the machine is there, and no sshd listens on that port. Start it on ${name} `
      + `(systemctl start ssh), or correct port: in the inventory; try: ${byHand}`,
  },
  {
    pattern: /No route to host|Network is unreachable|Host is down/,
    tell: (_, { byHand }) => `there is no way to it: it is switched off, or on a network that this machine does not reach. `
      + `Correct the address, name a jump: host, or switch it on; try: ${byHand}`,
  },
  {
    pattern: /timed out|Timeout, server \S+ not responding/i,
    tell: (_, { byHand }) => `no answer in 10 s: it is switched off, or a firewall drops the connection; try: ${byHand}`,
  },
  {
    pattern: /read: -N: invalid option|bash: (?:command )?not found|bash['’]?: No such file|exec: bash: not found/,
    tell: (_, { name }) => `bash 4.2 or later is needed on ${name}, and it was not found; install it there`,
  },
]

/** One sentence or two; begins with the host. */
export async function explainSsh({ exit, stderr, connected, question }: Refusal, where: Where): Promise<string> {
  const head = `${where.name} (ssh ${wayTo(where.ssh)})`
  if (question === 'no answer') {
    return `${head}: sudo asks for a password and nobody gave one; set ${passwordVariable(where.name)} or PROOFBOOK_SUDO_PASSWORD, or run on a terminal`
  }
  if (question === 'wrong answer') return `${head}: sudo does not take the password; check it, and that ${userOf(where.ssh)} may use sudo there`
  if (connected) {
    return `${head}: the connection was lost (${lastWords(stderr) || (exit === null ? 'ended' : `exit ${exit}`)}). `
      + `What ran there may go on or have ended; look before you go on: ${where.byHand}`
  }
  for (const { pattern, tell } of problems) {
    const found = pattern.exec(stderr)
    if (found) return `${head}: ${await tell(found, where, stderr)}`
  }
  return `${head}: ${lastWords(stderr) || `ssh ended with exit ${exit}`}; try: ${where.byHand}`
}

/** `PROOFBOOK_SUDO_PASSWORD_S1` */
export function passwordVariable(host: string): string {
  return `PROOFBOOK_SUDO_PASSWORD_${host.toUpperCase().replaceAll('-', '_')}`
}

const quoted = (host: string): string => /^[\w.-]+$/.test(host) ? host : `'${host}'`
