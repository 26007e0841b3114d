/**
 * node scripts/site/offline.ts [FOLDER]: puts `proofbook-offline.zip` into a built site: its pages, reports, scripts and
 * pictures, to be opened from a disk where there is no network. Values, ticks and copy buttons work there; the search does not.
 */
import { globSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { zipSync, type Zippable } from 'fflate'
import { build } from 'vite'
import { browserModules } from '../../src/site/browser-modules.ts'
import { filePage, fileStyle } from '../../src/site/offline/pages.ts'

const NAME = 'proofbook-offline'
const SCRIPT = 'offline.js'
const site = process.argv[2] ?? 'site'
const base = `${(process.env.PROOFBOOK_BASE ?? '/').replace(/\/$/, '')}/`

/** What only a server can use: the search, modules, and this archive. */
const LEFT_OUT = /^pagefind\/|^_astro\/.*\.js$|^404\.html$|^robots\.txt$|\.zip$/

const README = `Proofbook, to read without a network.

Open index.html in a browser. Your values, ticks and copy buttons work; the search needs the site.
Every page says when it was verified.
`

/** The earliest that the format has, and read as local time, which is what a zip keeps: no archive differs by its hour or zone. */
const mtime = '1980-01-01T00:00:00'

function file(path: string): Buffer {
  const bytes = readFileSync(join(site, path))
  const place = { path, base }
  if (path.endsWith('.html')) return Buffer.from(filePage(bytes.toString(), place, SCRIPT))
  return path.endsWith('.css') ? Buffer.from(fileStyle(bytes.toString(), place)) : bytes
}

async function script(): Promise<Buffer> {
  const made = await build({
    configFile: false, logLevel: 'silent', plugins: [browserModules],
    build: { write: false, lib: { entry: 'src/site/client/offline.ts', formats: ['iife'], name: 'proofbook' } },
  })
  const [first] = [made].flat()
  if (first === undefined || !('output' in first) || first.output.length !== 1) throw new Error('expected one script, with all that it imports')
  return Buffer.from(first.output[0].code)
}

const paths = globSync('**/*', { cwd: site, withFileTypes: true }).filter(entry => entry.isFile())
  .map(entry => join(entry.parentPath, entry.name).slice(join(site, '/').length).replaceAll('\\', '/'))
  .filter(path => !LEFT_OUT.test(path)).sort()
const files: Zippable = { 'README.txt': Buffer.from(README), [SCRIPT]: await script(), ...Object.fromEntries(paths.map(path => [path, file(path)])) }
const archive = zipSync({ [NAME]: files }, { level: 9, mtime })
writeFileSync(join(site, `${NAME}.zip`), archive)
console.log(`${join(site, `${NAME}.zip`)}: ${Object.keys(files).length} files, ${(archive.length / 1e6).toFixed(1)} MB`)
