import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { availableParallelism, homedir, tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { $ } from 'zx/core'
import type { Diagnostic } from '../../runbook/model.ts'
import { scriptsOf, type Script } from '../bash/scripts.ts'
import { placeOf, type Gate } from '../gate.ts'

/**
 * Left out: an unset variable (the gate of shell variables says it better), `cd` without `|| exit` (blocks run with -e),
 * a variable that only some other program reads, and `kill $(cat FILE)`, where splitting is meant.
 */
const LEFT_OUT = ['SC2154', 'SC2164', 'SC2034', 'SC2046']
const SEVERITY = 'warning'

/** Files that one process looks at. */
const BATCH = 200

interface Comment {
  readonly file: string
  readonly line: number
  readonly column: number
  readonly code: number
  readonly message: string
}

/** Warnings and errors of shellcheck, where it is installed. Texts that it found clean are not shown to it again. */
export const shellcheck: Gate = {
  name: 'shellcheck',
  refuses: 'what shellcheck warns of, where it is installed',
  async check(pages, { note }) {
    const scripts = scriptsOf(pages)
    if (scripts.length === 0 || process.env.PROOFBOOK_SHELLCHECK === 'off') return []
    const program = (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, 'shellcheck')).find((file) => existsSync(file))
    if (program === undefined) {
      note('blocks were not read by shellcheck: it is not installed (apt-get install shellcheck)')
      return []
    }
    const run = $({ quiet: true, nothrow: true })
    const version = /version: (\S+)/.exec((await run`${program} --version`).stdout)?.[1] ?? 'unknown'
    const clean = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'proofbook/shellcheck', version)
    await mkdir(clean, { recursive: true })
    const todo = scripts.filter((script) => !existsSync(join(clean, keyOf(script))))
    const batches = Array.from({ length: Math.ceil(todo.length / BATCH) }, (_, index) => todo.slice(index * BATCH, (index + 1) * BATCH))
    const found: Diagnostic[] = []
    const lane = async (): Promise<void> => {
      for (let batch = batches.pop(); batch !== undefined; batch = batches.pop()) found.push(...await look(batch, program, clean))
    }
    await Promise.all(Array.from({ length: availableParallelism() }, lane))
    return found
  },
}

const keyOf = ({ text }: Script): string => createHash('sha256').update(`${SEVERITY} ${LEFT_OUT.join()}\n${text}`).digest('hex')

async function look(scripts: readonly Script[], program: string, clean: string): Promise<Diagnostic[]> {
  const folder = await mkdtemp(join(tmpdir(), 'proofbook-shellcheck-'))
  try {
    const files = scripts.map((_, index) => join(folder, `${index}.sh`))
    await Promise.all(scripts.map(({ text }, index) => writeFile(files[index]!, text)))
    const run = $({ quiet: true, nothrow: true, env: { ...process.env, LC_ALL: 'C.UTF-8' } })
    const { stdout } = await run`${program} --norc --shell=bash --severity=${SEVERITY} --exclude=${LEFT_OUT.join(',')} --format=json1 ${files}`
    // What bash can read is for bash to say: SC1000 to SC1999 are about shellcheck's own parser.
    const comments = (JSON.parse(stdout) as { comments: Comment[] }).comments.filter(({ code }) => code >= 2000)
    const named = new Set(comments.map(({ file }) => file))
    await Promise.all(scripts.map((script, index) => named.has(files[index]!) ? undefined : writeFile(join(clean, keyOf(script)), '')))
    return comments.map((comment) => told(comment, scripts[files.indexOf(comment.file)]!))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function told({ line, code, message }: Comment, { page, block }: Script): Diagnostic {
  const rows = block.text.split('\n').length - 1
  return {
    path: page.runbook.path, ...placeOf(block, page.lines, Math.min(line, rows) - 1),
    message: `shellcheck SC${code} on ${block.kind} "${block.name}"`, received: message.replace(/\.$/, ''),
    expected: `bash that it does not warn of, or a comment above the line: # shellcheck disable=SC${code}`,
  }
}
