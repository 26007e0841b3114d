/** Starts a program; what it says comes line by line, each with the name of who says it. */
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

export interface Ended {
  readonly exit: number
  readonly stdout: string
}

/** Standard output is kept, standard error is shown unless it is to be quiet. Never rejects: an exit code says what became of it. */
export function say(name: string, argv: readonly string[], { quiet = false, ...options }: { readonly cwd: string, readonly env?: NodeJS.ProcessEnv, readonly quiet?: boolean }): Promise<Ended> {
  const [program = '', ...args] = argv
  const child = spawn(program, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] })
  let stdout = ''
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => { stdout += chunk })
  createInterface({ input: child.stderr }).on('line', line => quiet || process.stderr.write(`${name.padEnd(8)} ${line}\n`))
  return new Promise(resolve => {
    child.once('error', error => { resolve({ exit: 3, stdout: error.message }) })
    child.once('close', code => { resolve({ exit: code ?? 130, stdout }) })
  })
}
