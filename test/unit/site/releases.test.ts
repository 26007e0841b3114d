import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { bookVersion, gitIn, olderTexts, releases } from '../../../src/site/releases.ts'

const root = mkdtempSync(join(tmpdir(), 'releases-'))
afterAll(() => { rmSync(root, { recursive: true, force: true }) })

const git = gitIn(root)

function commit(...paths: readonly string[]): void {
  for (const path of paths) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), `text of ${path}\n`)
  }
  git('add', '--all')
  expect(git('-c', 'user.name=test', '-c', 'user.email=test@example.org', 'commit', '--message', 'pages')).toBeDefined()
}

test('a book that was never released has a commit and no older text; changed files have no address', () => {
  expect(gitIn('/')('rev-parse', 'HEAD')).toBeUndefined()
  expect(bookVersion(gitIn('/'))).toBeUndefined()
  expect(releases(gitIn('/'), 'runbooks')).toEqual([])

  git('init', '--quiet')
  commit('runbooks/haproxy/operate.mdx')
  const sha = git('rev-parse', 'HEAD')!
  expect(bookVersion(git)).toEqual({ text: sha.slice(0, 7), href: `https://github.com/proofbook/proofbook/commit/${sha}` })
  expect(releases(git, 'runbooks')).toEqual([])
  writeFileSync(join(root, 'runbooks/haproxy/operate.mdx'), 'changed\n')
  expect(bookVersion(git)).toEqual({ text: `${sha.slice(0, 7)}, with changes` })
})

test('each release that has a page leads to its text of then, the newest first; others and tags that move do not', () => {
  git('tag', 'v0.9.0')
  git('tag', 'v0')
  git('tag', 'vision.of.things')
  commit('runbooks/cni/flannel.mdx')
  git('tag', 'v0.10.0')
  commit('runbooks/cni/later.mdx')
  const all = releases(git, 'runbooks')
  expect(all.map(({ version }) => version)).toEqual(['0.10.0', '0.9.0'])
  const text = (version: string, page: string) => ({ version, href: `https://github.com/proofbook/proofbook/blob/v${version}/runbooks/${page}.mdx` })
  expect(olderTexts(all, 'runbooks/haproxy/operate.mdx')).toEqual([text('0.10.0', 'haproxy/operate'), text('0.9.0', 'haproxy/operate')])
  expect(olderTexts(all, 'runbooks/cni/flannel.mdx')).toEqual([text('0.10.0', 'cni/flannel')])
  expect(olderTexts(all, 'runbooks/cni/later.mdx')).toEqual([])
  expect(bookVersion(git)!.text).toMatch(/^v0\.10\.0-1-g[0-9a-f]{7}$/)
})
