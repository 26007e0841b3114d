/** From what started the workflow to the machines that it needs. */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { input, option, output, proofbook, words } from '../lib.ts'

/** The part of GitHub's events that tells where a change began. */
interface Event {
  readonly before?: string
  readonly pull_request?: { readonly base?: { readonly sha?: string } }
  readonly merge_group?: { readonly base_sha?: string }
}

/** What the change began from; undefined: every runbook is to be verified. */
function since(): string | undefined {
  const given = input('since') || 'auto'
  if (given === 'all') return undefined
  if (given !== 'auto') return given
  const event: Event = process.env.GITHUB_EVENT_PATH ? JSON.parse(readFileSync(process.env.GITHUB_EVENT_PATH, 'utf8')) as Event : {}
  const begins: Readonly<Record<string, string | undefined>> = { pull_request: event.pull_request?.base?.sha, merge_group: event.merge_group?.base_sha, push: event.before }
  const revision = begins[process.env.GITHUB_EVENT_NAME ?? '']
  if (!revision || /^0+$/.test(revision)) return undefined
  // After a forced push, or in a clone that is not whole, nobody knows what has changed.
  const { status } = spawnSync('git', ['cat-file', '-e', `${revision}^{commit}`], { stdio: 'ignore' })
  if (status !== 0) process.stderr.write(`::notice::${revision} is not in this clone, so that every runbook is verified; fetch-depth: 0 fetches it\n`)
  return status === 0 ? revision : undefined
}

/** Returns the exit code. */
function plan(): number {
  const where = [...option('--on', input('on')), ...option('--cni', input('cni')), ...option('--cilium-version', input('cilium_version')), ...option('--haproxy-version', input('haproxy_version'))]
  let ids = words(input('runbooks'))
  const revision = since()
  if (revision !== undefined) {
    const { exit, stdout } = proofbook(['verify', ...ids, ...where, '--since', revision, '--list', '--json'])
    if (exit !== 0) return exit
    ids = [...new Set((JSON.parse(stdout) as { cells: { id: string }[] }).cells.map(({ id }) => id))].sort()
    if (ids.length === 0) return tell({ include: [] })
  }
  const { exit, stdout } = proofbook(['matrix', ...ids, ...where, ...option('--within', input('within')), '--format', 'github'])
  return exit === 0 ? tell(JSON.parse(stdout) as Matrix) : exit
}

interface Matrix {
  readonly include: readonly object[]
}

function tell(matrix: Matrix): number {
  output('matrix', JSON.stringify(matrix))
  output('count', matrix.include.length)
  return 0
}

process.exitCode = plan()
