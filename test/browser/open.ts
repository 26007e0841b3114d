/** A built site on loopback and a Chromium that looks at it. Everything is closed by `await using`. */
import { existsSync, readFileSync, statSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join } from 'node:path'
import { chromium, type Browser, type BrowserContext, type BrowserContextOptions, type Page } from 'playwright-core'
import { afterAll } from 'vitest'
import { NOW } from '../site/build.ts'

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8', '.css': 'text/css', '.js': 'text/javascript', '.mjs': 'text/javascript', '.json': 'application/json',
  '.svg': 'image/svg+xml', '.woff2': 'font/woff2', '.woff': 'font/woff', '.wasm': 'application/wasm',
}

export interface Site extends AsyncDisposable {
  readonly origin: string
}

/** Serves a folder; `/node_modules/` comes from the project. Missing files get the site's 404 page. */
export async function serve(folder: string): Promise<Site> {
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url!, 'http://site').pathname)
    let file = path.startsWith('/node_modules/') ? `.${path}` : join(folder, path)
    if (existsSync(file) && statSync(file).isDirectory()) file = join(file, 'index.html')
    const found = existsSync(file)
    response.writeHead(found ? 200 : 404, { 'content-type': types[extname(found ? file : '404.html')] ?? 'application/octet-stream' })
    response.end(readFileSync(found ? file : join(folder, '404.html')))
  })
  await new Promise<void>(resolve => { server.listen(0, '127.0.0.1', resolve) })
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise(resolve => { server.close(resolve) })
    },
  }
}

export interface Reader extends AsyncDisposable {
  readonly page: Page
  readonly context: BrowserContext
  /** Errors on the console, uncaught errors, answers of 400 and above. */
  readonly complaints: string[]
  /** Requests to any host but the site's. */
  readonly strangers: string[]
}

let launched: Promise<Browser> | undefined

/** One Chromium for a test file, with an empty profile in a folder of its own; a reader has a context of its own in it. */
function browser(): Promise<Browser> {
  launched ??= chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
      '--disable-component-update', '--disable-sync'],
  })
  return launched
}

afterAll(async () => { await (await launched)?.close() })

/** A reader with nothing remembered, on the day of the fixture results. */
export async function read(site: Site, options: BrowserContextOptions = {}): Promise<Reader> {
  const context = await (await browser()).newContext({
    baseURL: site.origin,
    viewport: { width: 1280, height: 900 },
    ...options,
  })
  await context.clock.setFixedTime(NOW)
  const page = await context.newPage()
  const complaints: string[] = []
  const strangers: string[] = []
  page.on('console', message => { if (message.type() === 'error') complaints.push(message.text()) })
  page.on('pageerror', error => { complaints.push(error.message) })
  page.on('response', response => { if (response.status() >= 400) complaints.push(`${response.status()} ${response.url()}`) })
  page.on('request', request => { if (!/^(?:data|blob):/.test(request.url()) && !request.url().startsWith(`${site.origin}/`)) strangers.push(request.url()) })
  return {
    page, context, complaints, strangers,
    async [Symbol.asyncDispose]() {
      await context.close()
    },
  }
}
