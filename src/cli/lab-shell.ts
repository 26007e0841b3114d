/** `proofbook lab shell`. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { hostThatIsOn } from '../lab/host-on.ts'
import { existing } from './lab-command.ts'

/** bash where there is one (an image of k3s has none), with what a login brings. */
const SHELL = ['sh', '-c', 'cd; command -v bash >/dev/null && exec bash -l; exec sh -l']

/**
 * With a terminal of its own where both ends of ours are one; else plain, so that it can be piped.
 * @returns the command's exit code, or 128 and the signal that ended Docker's client
 */
export async function shell(name: string, host: string, command: readonly string[]): Promise<number> {
  const container = await hostThatIsOn(await existing(name), host)
  const terminal = process.stdin.isTTY && process.stdout.isTTY
  const argv = ['exec', '--interactive', ...terminal ? ['--tty', '--env', `TERM=${process.env.TERM ?? 'xterm'}`] : [], container,
    ...command.length > 0 ? command : SHELL]
  // Ctrl-C is for the command; we end when it does.
  const ignore = (): void => {}
  process.on('SIGINT', ignore)
  try {
    const child = spawn('docker', argv, { stdio: 'inherit' })
    const [code, signal] = await once(child, 'exit') as [number | null, NodeJS.Signals | null]
    return code ?? (signal === 'SIGINT' ? 130 : 128)
  } finally {
    process.off('SIGINT', ignore)
  }
}
