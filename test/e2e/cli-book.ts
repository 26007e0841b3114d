/** A small book in a folder of its own, and the compiled command line started in it. No lab and no cluster. */
import { spawn, type ChildProcess } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'
import { root } from './proofbook.ts'
import { tellIfFailed } from './tell-if-failed.ts'

export interface Ended {
  readonly exit: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface Running {
  readonly process: ChildProcess
  readonly ended: Promise<Ended>
  /** Resolves when this text was printed on standard error or output. */
  printed(text: string): Promise<void>
}

export interface Book {
  readonly folder: string
  /** Where the journals of its runs are. */
  readonly runs: string
  start(args: readonly string[], env?: Readonly<Record<string, string>>): Running
  cli(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<Ended>
  /** On a terminal of its own (util-linux `script`), with one of these answers typed at each question. */
  onTerminal(args: readonly string[], answers: readonly string[]): Promise<Ended>
}

const entry = join(root, 'dist/cli/main.js')

/** How a question ends. */
const QUESTION = /stop and keep the journal |\]: |not shown\): |q stop /g

/**
 * @param pages text behind the frontmatter, by id; `variables` goes into each frontmatter
 * @param finished takes what removes the folder, the end of the test when not given
 */
export function book(
  pages: Readonly<Record<string, string>>, variables = '', finished: (remove: () => void) => void = onTestFinished,
): Book {
  const folder = mkdtempSync(join(tmpdir(), 'proofbook-cli-'))
  finished(() => rmSync(folder, { recursive: true, force: true }))
  for (const [id, blocks] of Object.entries(pages)) {
    const file = join(folder, 'runbooks', `${id}.mdx`)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, `---\ntitle: Title of ${id}\ndescription: D.\nrisk: reversible\n${variables}---\n\n${blocks}\n`)
  }
  const own = { XDG_STATE_HOME: join(folder, '.state') }
  const start: Book['start'] = (args, env = {}) => follow(spawn(process.execPath, [entry, ...args], {
    cwd: folder, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...own, NO_COLOR: '1', ...env },
  }))
  return {
    folder, start,
    runs: join(folder, '.state/proofbook/runs'),
    cli: (args, env) => start(args, env).ended,
    onTerminal(args, answers) {
      const line = [process.execPath, entry, ...args].map(word => `'${word}'`).join(' ')
      const running = follow(spawn('script', ['-qefc', line, '/dev/null'], {
        cwd: folder, stdio: ['pipe', 'pipe', 'pipe'], env: { ...process.env, ...own, TERM: 'xterm' },
      }))
      let [told, typed] = ['', 0]
      running.process.stdout!.on('data', (chunk: string) => {
        told += chunk
        for (const asked = told.match(QUESTION)?.length ?? 0; typed < asked && typed < answers.length; typed++) {
          running.process.stdin!.write(answers[typed]!)
        }
      })
      return running.ended
    },
  }
}

function follow(child: ChildProcess): Running {
  let stdout = ''
  let stderr = ''
  let look = (): void => {}
  child.stdout!.setEncoding('utf8').on('data', chunk => { stdout += chunk; look() })
  child.stderr!.setEncoding('utf8').on('data', chunk => { stderr += chunk; look() })
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', exit => resolve({ exit, stdout, stderr }))
  })
  tellIfFailed(() => `${child.spawnargs.slice(1).join(' ')}\nexit ${child.exitCode}\n${stdout}${stderr}`)
  const printed = (text: string): Promise<void> => new Promise((resolve, reject) => {
    look = () => { if (stdout.includes(text) || stderr.includes(text)) resolve() }
    look()
    void ended.then(() => reject(new Error(`ended without "${text}":\n${stdout}${stderr}`)))
  })
  return { process: child, ended, printed }
}

export function fence(head: string, text: string): string {
  return `\`\`\`${head}\n${text}\n\`\`\`\n`
}
