/**
 * node scripts/site/offline.ts [FOLDER]: puts `proofbook-offline.zip` into a built site: its pages, reports, scripts and
 * pictures, to be opened from a disk where there is no network. Values, ticks and copy buttons work there; the search does not.
 */
import { globSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'vite'
import { browserModules } from '../../src/site/browser-modules.ts'
import { filePage, fileStyle } from '../../src/site/offline/pages.ts'
import { zip, type Entry } from '../../src/site/offline/zip.ts'

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

function file(path: string): Entry {
  const bytes = readFileSync(join(site, path))
  const place = { path, base }
  const name = `${NAME}/${path}`
  if (path.endsWith('.html')) return { name, bytes: Buffer.from(filePage(bytes.toString(), place, SCRIPT)) }
  return { name, bytes: path.endsWith('.css') ? Buffer.from(fileStyle(bytes.toString(), place)) : bytes }
}

async function script(): Promise<Entry> {
  const made = await build({
    configFile: false, logLevel: 'silent', plugins: [browserModules],
    build: { write: false, lib: { entry: 'src/site/client/offline.ts', formats: ['iife'], name: 'proofbook' } },
  })
  const [first] = [made].flat()
  if (first === undefined || !('output' in first) || first.output.length !== 1) throw new Error('expected one script, with all that it imports')
  return { name: `${NAME}/${SCRIPT}`, bytes: Buffer.from(first.output[0].code) }
}

const paths = globSync('**/*', { cwd: site, withFileTypes: true }).filter(entry => entry.isFile())
  .map(entry => join(entry.parentPath, entry.name).slice(join(site, '/').length).replaceAll('\\', '/'))
  .filter(path => !LEFT_OUT.test(path)).sort()
const archive = await zip([{ name: `${NAME}/README.txt`, bytes: Buffer.from(README) }, await script(), ...paths.map(file)])
writeFileSync(join(site, `${NAME}.zip`), archive)
console.log(`${join(site, `${NAME}.zip`)}: ${paths.length + 2} files, ${(archive.length / 1e6).toFixed(1)} MB`)
