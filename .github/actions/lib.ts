/** What the actions share: which Proofbook runs, what a workflow gave, and what it is told. Node's own modules only. */
import { spawnSync } from 'node:child_process'
import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Version of the Proofbook to which these actions belong. */
const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { readonly version: string }

/**
 * The program and its first arguments: what the workflow names, else that of a checkout of Proofbook itself, else the
 * one that the repository has installed, else the release of these actions.
 */
export function programOf(cwd: string, named?: string): [string, ...string[]] {
  const npx = (spec: string): [string, ...string[]] => ['npx', '--yes', `--package=${spec}`, 'proofbook']
  if (named) return npx(named)
  const manifest = join(cwd, 'package.json')
  if (existsSync(manifest) && (JSON.parse(readFileSync(manifest, 'utf8')) as { name?: string }).name === 'proofbook') return [process.execPath, join(cwd, 'dist/cli/main.js')]
  const own = join(cwd, 'node_modules/.bin/proofbook')
  return existsSync(own) ? [own] : npx(`proofbook@${version}`)
}

/** An input of the action, which its step hands on as INPUT_NAME: trimmed, empty when it was not given. */
export const input = (name: string): string => (process.env[`INPUT_${name.toUpperCase().replaceAll('-', '_')}`] ?? '').trim()

/** Words between spaces. Nothing of them is ever read by a shell; an option that is none of Proofbook's is refused by it. */
export const words = (text: string): string[] => text.split(/\s+/).filter((word) => word !== '')

/** An option with its value, when there is one. */
export const option = (name: string, value: string): string[] => value === '' ? [] : [name, value]

/** Runs Proofbook with these arguments and waits. Standard output is returned, or shown when `show` is set. */
export function proofbook(args: readonly string[], { show = false } = {}): { readonly exit: number, readonly stdout: string } {
  const [program, ...first] = programOf(process.cwd(), input('package'))
  const { status, stdout, error } = spawnSync(program, [...first, ...args], {
    encoding: 'utf8', maxBuffer: 256 << 20, stdio: ['ignore', show ? 'inherit' : 'pipe', 'inherit'],
  })
  if (error) throw new Error(`cannot start ${program}: ${error.message}`)
  return { exit: status ?? 130, stdout: stdout ?? '' }
}

/** An output of the step, of one line. */
export function output(name: string, value: string | number): void {
  const line = `${name}=${String(value).replaceAll('\n', ' ')}\n`
  if (process.env.GITHUB_OUTPUT) appendFileSync(process.env.GITHUB_OUTPUT, line)
  process.stderr.write(line)
}

/** What a cluster of three needs; as root, Proofbook raises them itself. */
const LIMITS = { 'fs.inotify.max_user_instances': 1024, 'fs.inotify.max_user_watches': 524288 }

/** GitHub's machines let their user become root without a password. */
export function raiseLimits(): void {
  if (process.getuid?.() === 0) return
  const low = Object.entries(LIMITS).filter(([name, least]) => {
    const file = `/proc/sys/${name.replaceAll('.', '/')}`
    return existsSync(file) && Number(readFileSync(file, 'utf8')) < least
  })
  if (low.length === 0) return
  const { status } = spawnSync('sudo', ['-n', 'sysctl', '-qw', ...low.map(([name, least]) => `${name}=${least}`)], { stdio: ['ignore', 'inherit', 'inherit'] })
  process.stderr.write(status === 0 ? `raised ${low.map(([name]) => name).join(', ')}\n` : 'inotify limits are low and could not be raised: a lab will say what it needs\n')
}
