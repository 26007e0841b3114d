/** `init` in a Starlight site, and that site built: its readers see the commands that are proven. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { sample } from '../../../src/author/init/sample.ts'
import { parseRunbook } from '../../../src/runbook/parse.ts'

const root = fileURLToPath(new URL('../../..', import.meta.url))

/** As `npm create astro -- --template starlight` makes it, without its sample pages. */
const site = {
  'package.json': '{ "type": "module", "dependencies": { "astro": "7.3.5", "@astrojs/starlight": "0.42.4" } }',
  'astro.config.mjs': "import starlight from '@astrojs/starlight'\nimport { defineConfig } from 'astro/config'\n"
    + "export default defineConfig({ integrations: [starlight({ title: 'T', pagefind: false })], cacheDir: './cache' })\n",
  'src/content.config.ts': "import { defineCollection } from 'astro:content'\nimport { docsLoader } from '@astrojs/starlight/loaders'\nimport { docsSchema } from '@astrojs/starlight/schema'\n"
    + 'export const collections = { docs: defineCollection({ loader: docsLoader(), schema: docsSchema() }) }\n',
  'src/content/docs/index.md': '---\ntitle: Home\n---\n\nHello.\n',
}

test('the site builds with the sample, whose blocks are those of the runbook, to the byte', () => {
  // Below the packages that it is built with: Astro does not find its own styles by a link from elsewhere.
  mkdirSync(join(root, '.proofbook'), { recursive: true })
  const cwd = mkdtempSync(join(root, '.proofbook/starlight-'))
  onTestFinished(() => rmSync(cwd, { recursive: true, force: true }))
  for (const [name, text] of Object.entries(site)) {
    mkdirSync(dirname(join(cwd, name)), { recursive: true })
    writeFileSync(join(cwd, name), text)
  }
  const node = (...args: string[]) => spawnSync(process.execPath, args, { cwd, encoding: 'utf8', env: { ...process.env, NODE_ENV: 'production', ASTRO_TELEMETRY_DISABLED: '1' } })
  expect(node(join(root, 'src/cli/main.ts'), 'init')).toMatchObject({ status: 0, stdout: expect.stringContaining('This is a Starlight site.') })
  const built = node(join(root, 'node_modules/astro/bin/astro.mjs'), 'build')
  expect(built.status, built.stdout + built.stderr).toBe(0)

  const html = readFileSync(join(cwd, 'dist/runbooks/example/refuse-a-range/index.html'), 'utf8')
  // Starlight's copy button holds what it copies.
  const shown = [...html.matchAll(/data-code="([^"]*)"/g)].map(([, code]) => code!.replaceAll('\u007F', '\n').replace(/&#(?:x([0-9a-f]+)|(\d+));/gi, (_, hex, dec) => String.fromCodePoint(hex ? parseInt(hex, 16) : Number(dec))).replaceAll('&quot;', '"').replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&'))
  const { blocks } = parseRunbook(sample, { id: 'x', path: 'x.mdx' }).runbook!
  expect(shown).toEqual(blocks.flatMap(({ text, output }) => [text.replace(/\n$/, ''), ...output === undefined ? [] : [output.text]]))
})
