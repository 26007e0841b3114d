/** Lighthouse on pages of a built site, served on loopback as a host of static files would: with gzip, and no more. */
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, statSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join } from 'node:path'
import { gzipSync } from 'node:zlib'

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8', '.css': 'text/css', '.js': 'text/javascript', '.json': 'application/json', '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2', '.xml': 'application/xml', '.txt': 'text/plain; charset=utf-8', '.png': 'image/png',
}
const CATEGORIES = ['performance', 'accessibility', 'best-practices', 'seo'] as const
export type Category = (typeof CATEGORIES)[number]

export interface Visit {
  /** Out of a hundred. */
  readonly scores: Readonly<Record<Category, number>>
  /** Lighthouse's own measure of the machine at that moment; below 1,000 is a slow one. */
  readonly machine: number
  readonly blockingMs: number
  /** Audits that weigh and are not perfect. */
  readonly lost: readonly string[]
}

interface Report {
  readonly runtimeError?: { readonly message: string }
  readonly environment: { readonly benchmarkIndex: number }
  readonly categories: Readonly<Record<Category, { readonly score: number, readonly auditRefs: readonly { readonly id: string, readonly weight: number }[] }>>
  readonly audits: Readonly<Record<string, { readonly score: number | null, readonly title: string, readonly displayValue?: string, readonly numericValue?: number }>>
}

/** Serves `folder` while `work` runs. */
export async function served<Value>(folder: string, work: (origin: string) => Promise<Value>): Promise<Value> {
  const server = createServer((request, response) => {
    let file = join(folder, decodeURIComponent(new URL(request.url!, 'http://site').pathname))
    if (existsSync(file) && statSync(file).isDirectory()) file = join(file, 'index.html')
    const found = existsSync(file)
    const bytes = readFileSync(found ? file : join(folder, '404.html'))
    const squeezed = !['.woff2', '.png'].includes(extname(file))
    response.writeHead(found ? 200 : 404, { 'content-type': TYPES[extname(found ? file : '404.html')] ?? 'application/octet-stream', ...(squeezed ? { 'content-encoding': 'gzip' } : {}) })
    response.end(squeezed ? gzipSync(bytes) : bytes)
  })
  await new Promise<void>(resolve => { server.listen(0, '127.0.0.1', resolve) })
  try {
    return await work(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  } finally {
    server.closeAllConnections()
    await new Promise(resolve => { server.close(resolve) })
  }
}

/** One visit, as a telephone on a slow network: Lighthouse's default. @throws when Lighthouse fails */
export async function visit(url: string, folder: string): Promise<Visit> {
  mkdirSync(folder, { recursive: true })
  const path = join(folder, `${new URL(url).pathname.replaceAll('/', '-').replace(/^-|-$/g, '') || 'home'}.json`)
  const args = [url, '--output=json', `--output-path=${path}`, `--only-categories=${CATEGORIES.join()}`, '--quiet', '--no-enable-error-reporting',
    '--chrome-flags=--headless=new --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update']
  const child = spawn(process.execPath, ['node_modules/lighthouse/cli/index.js', ...args], {
    stdio: ['ignore', 'inherit', 'inherit'], env: { ...process.env, CHROME_PATH: process.env.CHROMIUM ?? '/usr/bin/chromium' },
  })
  const code = await new Promise<number | null>((resolve, reject) => { child.on('error', reject).on('close', resolve) })
  if (code !== 0) throw new Error(`lighthouse ${url}: exit ${code}`)
  const report = JSON.parse(readFileSync(path, 'utf8')) as Report
  if (report.runtimeError !== undefined) throw new Error(`lighthouse ${url}: ${report.runtimeError.message}`)
  const weighing = CATEGORIES.flatMap(category => report.categories[category].auditRefs).filter(({ weight }) => weight > 0)
  return {
    scores: Object.fromEntries(CATEGORIES.map(category => [category, Math.round(report.categories[category].score * 100)])) as Record<Category, number>,
    machine: Math.round(report.environment.benchmarkIndex),
    blockingMs: Math.round(report.audits['total-blocking-time']?.numericValue ?? Number.NaN),
    lost: weighing.map(({ id }) => report.audits[id]!).filter(({ score }) => score !== null && score < 0.9).map(({ title, displayValue }) => displayValue === undefined ? title : `${title}: ${displayValue}`),
  }
}
