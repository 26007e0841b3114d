/**
 * What a tag such as v0.2.0 must agree with, and its release on GitHub.
 *
 *     node scripts/ci/release.ts check     the tag, package.json and the changelog say the same
 *     node scripts/ci/release.ts publish   makes the release, and moves v0 to it
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gitHub } from './github.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** What the changelog says of a version, without its heading; undefined when it has no such section. */
export function notesOf(changelog: string, version: string): string | undefined {
  const sections = changelog.split(/^## /m).slice(1)
  const own = sections.find(section => section.split('\n', 1)[0]!.replace(/^\[|\].*$|\s.*$/g, '') === version)
  return own?.slice(own.indexOf('\n')).trim()
}

/** Why a tag cannot be released; empty when it can. */
export function problemsOf({ tag, version, changelog }: { readonly tag: string, readonly version: string, readonly changelog: string }): string[] {
  return [
    ...tag === `v${version}` ? [] : [`received the tag ${tag}, expected v${version}, which package.json says`],
    ...notesOf(changelog, version) ? [] : [`CHANGELOG.md: received no text under "## ${version}", expected what is new`],
  ]
}

/** Returns the exit code. */
async function main(what: string | undefined): Promise<number> {
  const tag = process.env.GITHUB_REF_NAME ?? ''
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }
  const changelog = readFileSync(join(root, 'CHANGELOG.md'), 'utf8')
  const problems = problemsOf({ tag, version, changelog })
  for (const problem of problems) console.error(problem)
  if (problems.length > 0) return 1
  if (what === 'check') return 0
  if (what !== 'publish') throw new Error(`received ${what}, expected check or publish`)
  await gitHub('POST', 'releases', { tag_name: tag, name: tag, body: notesOf(changelog, version), prerelease: version.includes('-') })
  // Others name the action and the workflow by it.
  const major = `v${version.split('.')[0]}`
  const sha = process.env.GITHUB_SHA
  const { status } = await gitHub('PATCH', `git/refs/tags/${major}`, { sha, force: true }, [404, 422])
  if (status !== 200) await gitHub('POST', 'git/refs', { ref: `refs/tags/${major}`, sha })
  console.log(`released ${tag}; ${major} is ${sha}`)
  return 0
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = await main(process.argv[2])
