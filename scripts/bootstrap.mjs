/**
 * What must be there before any of our own code can run: Node dependencies and the compiled engine.
 * Plain JavaScript without dependencies, because a fresh clone has none; runs on Node 18 and later.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createHash } from 'node:crypto'

export const root = dirname(dirname(fileURLToPath(import.meta.url)))

/** Node 24 comes as a dev dependency, so that the machine's own Node may be older. */
export const node = join(root, 'node_modules/.bin/node')

/**
 * Runs a program in the foreground.
 * @param {string} label what is shown while it runs
 * @param {string} program
 * @param {string[]} args
 * @param {{ quiet?: boolean }} [options] quiet: output is shown only when it fails
 */
function stage (label, program, args, { quiet = true } = {}) {
  const started = Date.now()
  process.stderr.write(`${label} … ${process.stderr.isTTY ? '' : '\n'}`)
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    cwd: root, encoding: 'utf8', maxBuffer: 64 << 20, stdio: quiet ? ['ignore', 'pipe', 'pipe'] : 'inherit',
  })
  const seconds = ((Date.now() - started) / 1000).toFixed(1)
  if (status === 0) {
    process.stderr.write(`${process.stderr.isTTY ? '' : `${label} … `}${seconds} s\n`)
    return
  }
  process.stderr.write(`failed after ${seconds} s\n${stdout ?? ''}${stderr ?? ''}`)
  if (error) process.stderr.write(`cannot start ${program}: ${error.message}\n`)
  process.stderr.write(`Next: run "${[program, ...args].join(' ')}" in ${root} and read what it says.\n`)
  process.exit(3)
}

/** Content of the lock file and of package.json: what the installed dependencies were made from. */
function wanted () {
  const hash = createHash('sha256')
  for (const file of ['package.json', 'package-lock.json']) hash.update(readFileSync(join(root, file)))
  return hash.digest('hex')
}

/** Newest change below a folder, in milliseconds. */
function newest (folder) {
  const { stdout } = spawnSync('find', [folder, '-type', 'f', '-name', '*.ts', '-printf', '%T@\n'], { encoding: 'utf8' })
  return Math.max(0, ...stdout.split('\n').map(Number)) * 1000
}

/** Installs dependencies and compiles the engine, each only when it is missing or older than its sources. */
export function bootstrap () {
  const [major] = process.versions.node.split('.').map(Number)
  if (major < 18) {
    process.stderr.write(`Node ${process.versions.node} found, Node 18 or later expected. Install it, e.g. apt-get install nodejs npm\n`)
    process.exit(3)
  }
  const stamp = join(root, 'node_modules/.proofbook-installed')
  if (!existsSync(node) || !existsSync(stamp) || readFileSync(stamp, 'utf8') !== wanted()) {
    stage('install Node dependencies (npm ci)', 'npm', ['ci', '--no-audit', '--no-fund'])
    writeFileSync(stamp, wanted())
  }
  const entry = join(root, 'dist/cli/main.js')
  if (!existsSync(entry) || statSync(entry).mtimeMs < newest(join(root, 'src'))) {
    stage('compile', 'npm', ['run', '--silent', 'compile'])
  }
}
