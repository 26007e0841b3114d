/** The linter of GitHub's workflows, built from its Go module once and kept. */
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

export const ACTIONLINT = 'v1.7.12'

/** Path of the program, or why there is none. */
export function actionlint(): { readonly program: string } | { readonly missing: string } {
  const folder = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'proofbook', 'tools', `actionlint-${ACTIONLINT}`)
  const program = join(folder, 'actionlint')
  if (existsSync(program)) return { program }
  const go = ['go', '/usr/local/go/bin/go', join(homedir(), '.cache/proofbook/go/bin/go')].find((name) => spawnSync(name, ['version']).status === 0)
  if (go === undefined) return { missing: 'Go is not installed' }
  mkdirSync(folder, { recursive: true })
  try {
    execFileSync(go, ['install', `github.com/rhysd/actionlint/cmd/actionlint@${ACTIONLINT}`], { env: { ...process.env, GOBIN: folder, GOFLAGS: '-buildvcs=false' }, stdio: 'pipe' })
  } catch (error) {
    return { missing: `it could not be built: ${String((error as { stderr?: Buffer }).stderr).trim().split('\n').at(-1)}` }
  }
  return { program }
}
