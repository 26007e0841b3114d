/** One shard as a machine of its own would run it: in a folder of its own that holds nothing but the book. */
import { existsSync, mkdirSync, readdirSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import type { NightOptions } from './options.ts'
import { say, type Ended } from './run.ts'

export interface ShardRun extends Ended {
  readonly shard: string
  /** `.proofbook` of the shard: what is merged. */
  readonly folder: string
  readonly ms: number
}

export async function runShard(root: string, cli: readonly string[], shard: string, options: NightOptions): Promise<ShardRun> {
  const name = shard.replace('/', '-of-')
  const cwd = join(options.output, 'shards', name)
  rmSync(cwd, { recursive: true, force: true })
  mkdirSync(cwd, { recursive: true })
  for (const entry of readdirSync(root)) if (!entry.startsWith('.')) symlinkSync(join(root, entry), join(cwd, entry))
  const started = performance.now()
  const ended = await say(shard, [
    ...cli, 'verify', ...options.ids, ...options.axes, '--shard', shard, '--retries', options.retries,
    '--lab', `${options.lab}-${shard.split('/')[0]}`, '--report', 'json,junit,html', '--yes',
  ], { cwd })
  const folder = join(cwd, '.proofbook')
  // a shard without cells writes nothing
  if (!existsSync(folder)) mkdirSync(folder)
  return { ...ended, shard, folder, ms: performance.now() - started }
}
