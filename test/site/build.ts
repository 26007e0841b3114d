/**
 * Builds the site twice for the tests of a project: the fixture book with fixture results, and the real book with the
 * results that are committed. Vitest's global set-up; the projects site and browser share the folders of one run.
 */
import { createHash } from 'node:crypto'
import { cpSync, existsSync, globSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { $ } from 'zx/core'
import { sealed } from '../../src/report/digest.ts'
import type { Result } from '../../src/report/result.ts'
import { sampleBench } from '../unit/bench/sample.ts'

export interface Sites {
  /** Folders of built sites. */
  readonly fixture: string
  readonly real: string
}

declare module 'vitest' {
  interface ProvidedContext {
    sites: Sites
  }
}

/** The day on which the fixture results are judged. */
export const NOW = '2026-11-21T12:00:00Z'
export const FIXTURE_BOOK = 'test/fixtures/site/book'
/** What the real site shows of the networks; it need not be there. */
export const MEASURED = 'src/content/measured/cni.json'
/** Where the fixture's site says that it is; the real one does not say. */
export const FIXTURE_SITE = 'https://proofbook.example'

const SOURCES = [
  'astro.config.mjs', 'package.json', 'src/public/**/*', 'runbooks/**/*', 'test/fixtures/site/**/*', 'test/site/build.ts', 'test/unit/bench/sample.ts',
  'src/content.config.ts', 'scripts/site/offline.ts', 'src/{components,content,pages,report,runbook,script,site,styles}/**/*',
]

export async function setup(project: TestProject): Promise<void> {
  const root = join('.proofbook/test-site', hashOfSources())
  const sites: Sites = { fixture: join(root, 'fixture'), real: join(root, 'real') }
  if (!existsSync(join(root, 'complete'))) {
    rmSync('.proofbook/test-site', { recursive: true, force: true })
    await build(sites.fixture, { PROOFBOOK_BOOK: FIXTURE_BOOK, PROOFBOOK_SITE: FIXTURE_SITE, PROOFBOOK_RESULTS: fixtureResults(root), PROOFBOOK_HISTORY: 'test/fixtures/site/history.jsonl', PROOFBOOK_MEASURED: fixtureMeasured(root), PROOFBOOK_NOW: NOW })
    await build(sites.real, { PROOFBOOK_RESULTS: 'src/content/results', PROOFBOOK_HISTORY: 'src/content/history.jsonl', PROOFBOOK_MEASURED: MEASURED })
    writeFileSync(join(root, 'complete'), '')
  }
  project.provide('sites', sites)
}

async function build(outDir: string, env: Record<string, string>): Promise<void> {
  const run = await $({
    quiet: true,
    nothrow: true,
    // Vitest sets NODE_ENV to test, and Vite would then leave out the search.
    env: { ...process.env, NODE_ENV: 'production', ...env, PROOFBOOK_SITE_CACHE: `${outDir}-cache`, ASTRO_TELEMETRY_DISABLED: '1' },
  })`${process.execPath} node_modules/astro/bin/astro.mjs build --force --outDir ${outDir}`
  if (run.exitCode !== 0) throw new Error(`astro build of ${outDir} ended with ${run.exitCode}:\n${run.stdout}\n${run.stderr}`)
  await $({ quiet: true })`${process.execPath} scripts/site/offline.ts ${outDir}`
}

/** Characters that a hostile result has in place of `@endless`. */
export const ENDLESS = 10_000_000

/** The fixture results with the hash of the page in place of `@page`. */
function fixtureResults(root: string): string {
  const folder = join(root, 'results')
  mkdirSync(root, { recursive: true })
  cpSync('test/fixtures/site/results', folder, { recursive: true })
  for (const name of globSync('*.json', { cwd: folder })) {
    const path = join(folder, name)
    const text = readFileSync(path, 'utf8')
    const { runbook } = JSON.parse(text) as { runbook: string }
    const sha256 = createHash('sha256').update(readFileSync(join(FIXTURE_BOOK, `${runbook}.mdx`))).digest('hex')
    const filled = text.replace('"@page"', `"${sha256}"`).replaceAll('"@endless"', () => JSON.stringify('y\n'.repeat(ENDLESS / 2)))
    const result = JSON.parse(filled) as Result
    // one that has a digest already is to be refused for it
    writeFileSync(path, JSON.stringify(result.digest === undefined ? sealed(result) : result, undefined, 2))
  }
  return folder
}

function fixtureMeasured(root: string): string {
  const file = join(root, 'measured.json')
  mkdirSync(root, { recursive: true })
  writeFileSync(file, JSON.stringify(sampleBench()))
  return file
}

/** Changes with any file that the build reads, so that a second run of the tests builds nothing. */
function hashOfSources(): string {
  const hash = createHash('sha256')
  for (const path of SOURCES.flatMap(pattern => globSync(pattern)).sort()) {
    const { mtimeMs, size } = statSync(path)
    hash.update(`${path} ${mtimeMs} ${size}\n`)
  }
  return hash.digest('hex').slice(0, 12)
}
