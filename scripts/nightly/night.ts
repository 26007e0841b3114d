/**
 * A night, start to end: which cells there are and who does what; the shards, all at once, each in a lab of its own; one set of
 * results and one history; reports; the site. What a workflow does on many machines, on this one.
 * Exit: as the gravest of the shards, 1 also where a result was refused or the site was not built.
 */
import { mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { duration } from '../../src/report/duration.ts'
import { readFolders } from '../../src/report/store.ts'
import { reports } from '../../src/cli/verify/reports.ts'
import type { MatrixPlan } from '../../src/matrix/plan.ts'
import { readOptions } from './options.ts'
import { say } from './run.ts'
import { runShard } from './shard.ts'

const root = join(import.meta.dirname, '../..')
const cli = [process.execPath, join(root, 'dist/cli/main.js')]
const options = readOptions(process.argv.slice(2))
const output = resolve(options.output)
const here = { cwd: root }
const started = performance.now()
const lines: string[] = []

function tell(what: string, text: string): void {
  lines.push(`${what.padEnd(8)} ${text}`)
  process.stderr.write(`${lines.at(-1)}\n`)
}

async function timed<Value>(what: string, work: () => Promise<Value>, text: (value: Value) => string): Promise<Value> {
  const began = performance.now()
  const value = await work()
  tell(what, `${duration(performance.now() - began).padEnd(12)} ${text(value)}`)
  return value
}

const matrix = await say('matrix', [...cli, 'matrix', ...options.ids, ...options.axes, '--shards', options.shards, '--json'], here)
if (matrix.exit !== 0) process.exit(matrix.exit)
const plan = JSON.parse(matrix.stdout) as MatrixPlan
tell('matrix', `${plan.shards.flatMap(({ cells }) => cells).length} cells in ${plan.shards.length} shards, expected to end after ${duration(plan.makespanMs)}`)

// Set up once: two at a time would both start an engine.
const ready = await timed('setup', () => say('setup', [...cli, 'setup', '--yes'], here), ({ exit }) => `exit ${exit}`)
if (ready.exit !== 0) process.exit(ready.exit)

const runs = await timed('shards', () => Promise.all(plan.shards.filter(({ cells }) => cells.length > 0)
  .map(({ shard }) => runShard(root, cli, shard, { ...options, output }))), all => `${all.length} at once`)
for (const { shard, exit, ms, stdout } of runs) {
  tell(shard, `${duration(ms).padEnd(12)} exit ${exit}`)
  process.stdout.write(stdout)
}

const merge = await timed('merge', () => say('merge', [...cli, 'report', 'merge', ...runs.map(({ folder }) => folder), '--output', output], here), ({ stdout }) => stdout.trim())

await timed('reports', async () => {
  const { results } = await readFolders([join(output, 'results')])
  const folder = join(output, 'report')
  mkdirSync(folder, { recursive: true })
  const files = await Promise.all(reports.map(async report => report.write(folder, results.map(result => ({ result, files: {} })))))
  const trends = await say('trends', [...cli, 'report', 'trends', '--history', join(output, 'history.jsonl')], here)
  process.stdout.write(trends.stdout)
  return files
}, files => files.join(' '))

const site = options.site ? await timed('site', () => say('site', [process.execPath, join(root, 'node_modules/astro/bin/astro.mjs'), 'build', '--force', '--silent', '--outDir', join(output, 'site')], {
  cwd: root,
  env: { ...process.env, PROOFBOOK_RESULTS: [join(output, 'results'), 'src/content/results'].join(':'), PROOFBOOK_HISTORY: join(output, 'history.jsonl'), PROOFBOOK_SITE_CACHE: join(output, 'site-cache'), ASTRO_TELEMETRY_DISABLED: '1' },
}), ({ exit }) => `exit ${exit}: ${join(output, 'site')}`) : undefined
if (site !== undefined && site.exit !== 0) process.stdout.write(site.stdout)
if (site?.exit === 0) await say('offline', [process.execPath, join(root, 'scripts/site/offline.ts'), join(output, 'site')], { cwd: root })

const codes = [...runs.map(({ exit }) => exit), merge.exit, ...site === undefined ? [] : [Math.min(site.exit, 1)]]
process.exitCode = [130, 1, 4, 3, 2].find(code => codes.includes(code)) ?? 0
console.log(`${lines.join('\n')}\n${'night'.padEnd(8)} ${duration(performance.now() - started).padEnd(12)} exit ${process.exitCode}`)
