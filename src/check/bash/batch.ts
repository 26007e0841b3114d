/**
 * Which of many scripts bash may not be able to read, told by few processes.
 *
 * Bash reads a function that it finds in its environment before it does anything else, runs nothing of it, and refuses
 * what is not one whole function (the repair of CVE-2014-6271: parse_and_execute with SEVAL_FUNCDEF | SEVAL_ONECMD).
 * So each script is put into functions, and a process that does nothing else complains of those that it cannot read.
 *
 * Two functions, since bash passes over what follows the end of one: a text that closes the braces of the first early,
 * with a `}` where a command may stand, is refused by the second, where the same place is inside of parentheses. A text
 * that ends too soon meets a closing brace that it does not take. So what both take, `bash -n` takes as well.
 */
import { execFile } from 'node:child_process'
import { availableParallelism } from 'node:os'

/** Bytes of the environment of one process (Linux takes 2 MiB), and of one variable in it (128 KiB). */
const BATCH = 1024 * 1024
const LONGEST = 100 * 1024

/** How often a batch is tried without what ended bash before. */
const MOST_TRIES = 8

/** Not readable by any bash: one that does not complain of it does not read functions from its environment. */
const CANARY = 'if'

/** Indices of the scripts that have to be looked at one by one; all of them where bash is not as described. */
export async function suspects(scripts: readonly string[]): Promise<number[]> {
  const long = scripts.flatMap((script, index) => Buffer.byteLength(script) > LONGEST ? [index] : [])
  const rest = scripts.flatMap((script, index) => Buffer.byteLength(script) > LONGEST ? [] : [{ script, index }])
  const found = [long]
  const todo = batches(rest)
  const lane = async (): Promise<void> => {
    for (let batch = todo.pop(); batch !== undefined; batch = todo.pop()) found.push(await suspectsOf(batch))
  }
  await Promise.all(Array.from({ length: availableParallelism() }, lane))
  return found.flat().sort((a, b) => a - b)
}

interface Numbered {
  readonly script: string
  readonly index: number
}

function batches(scripts: readonly Numbered[]): Numbered[][] {
  const all: Numbered[][] = []
  let size = Infinity
  for (const numbered of scripts) {
    const bytes = 2 * Buffer.byteLength(numbered.script) + 96
    if (size + bytes > BATCH) {
      all.push([])
      size = 0
    }
    all.at(-1)!.push(numbered)
    size += bytes
  }
  return all
}

/** Some mistakes end bash at once, so that it does not look at the rest: it is asked again without what it told of. */
async function suspectsOf(batch: readonly Numbered[], again = MOST_TRIES): Promise<number[]> {
  const env = Object.fromEntries([
    ['BASH_FUNC_canary%%', inBraces(CANARY)],
    ...batch.flatMap(({ script, index }) => [[`BASH_FUNC_b${index}%%`, inBraces(script)], [`BASH_FUNC_p${index}%%`, inParentheses(script)]]),
  ]) as Record<string, string>
  const { stderr, exitCode } = await bashWith(env)
  const named = new Set([...stderr.matchAll(/`(\w+)'$|^bash: (?:warning: )?(\w+): (?:line|ignoring)/gm)].map(([, a, b]) => a ?? b))
  const told = batch.filter(({ index }) => named.has(`b${index}`) || named.has(`p${index}`))
  if (exitCode === 0 && named.has('canary')) return told.map(({ index }) => index)
  if (exitCode === 0 || told.length === 0 || again === 0) return batch.map(({ index }) => index)
  const rest = batch.filter((numbered) => !told.includes(numbered))
  return [...told.map(({ index }) => index), ...rest.length > 0 ? await suspectsOf(rest, again - 1) : []]
}

/** Not by zx: its own shell would read the functions first. A process that cannot be started has no exit code. */
function bashWith(env: Readonly<Record<string, string>>): Promise<{ readonly stderr: string, readonly exitCode: number | undefined }> {
  return new Promise((resolve) => {
    const child = execFile('bash', ['--norc', '--noprofile', '-c', ':'],
      { env: { PATH: process.env.PATH, LC_ALL: 'C', ...env }, maxBuffer: 64 * BATCH },
      (_, __, stderr) => resolve({ stderr, exitCode: child.exitCode ?? undefined }))
  })
}

/** The first line makes a body of a text that is all comment; at the end it would complete a text that is not. */
const inBraces = (script: string): string => `() {\n:\n${script}${script.endsWith('\n') ? '' : '\n'}}`
const inParentheses = (script: string): string => inBraces(`(\n:\n${script}${script.endsWith('\n') ? '' : '\n'})`)
