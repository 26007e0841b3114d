/**
 * `kill -9` at any moment: nothing of Proofbook's own runs any more that could clean up, and what it started goes on
 * working. The next command has to find all of it, and nothing of anybody else's.
 */
import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createNetwork } from '../../src/lab/network/docker-network.ts'
import { topologyNamed } from '../../src/lab/topology/topologies.ts'
import { hostRef } from '../../src/lab/images/host-supply.ts'
import { proofbook, reaches, signalGroup, start, type Ended, type Started } from './proofbook.ts'
import { traces } from './traces.ts'

const run = promisify(execFile)
const LAB = 'reaped'
const docker = async (...args: string[]): Promise<string> => (await run('docker', args)).stdout.trim()

/** What looks like a lab's, and lacks its label: beside it, and with the name that kind gives its clusters. */
const FOREIGN = {
  container: ['proofbook-reaped-copy', 'proofbook-theirs-control-plane'],
  network: ['proofbook-reaped-copy'],
  volume: ['proofbook-reaped'],
}

/** Seconds in which a lab is made here, more or less: kills are spread over all of them. */
const LENGTH = 45
const TIMES = process.env.PROOFBOOK_LONG === '1' ? 20 : 3
const SEED = Number(process.env.PROOFBOOK_SEED ?? 4)

let folder: string
let before: string[]

const lab = (...args: string[]): Started => start(['lab', ...args], { cwd: folder })
const up = (name = LAB): Started => lab('up', '--yes', '--lab', name)

/** Other labs of this machine are not for a test to remove. */
async function removeAll(): Promise<Ended> {
  const { stdout } = await lab('list', '--json').ended
  const labs = (JSON.parse(stdout) as { labs: { folder: string }[] }).labs
  return lab('down', '--all', ...labs.every(found => found.folder.startsWith(folder)) ? [] : ['--here']).ended
}

/** 0 to 1, the same row for the same seed. Source: Marsaglia, "Xorshift RNGs", 2003. */
function* random(seed: number): Generator<number, never> {
  for (let state = seed | 1;;) {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    yield (state >>> 0) / 2 ** 32
  }
}

/** One moment in each of as many equal parts of the time: early ones too, and none twice. */
function moments(): number[] {
  const row = random(SEED * 2_654_435_761)
  for (let skipped = 0; skipped < 8; skipped++) row.next()
  return Array.from({ length: TIMES }, (_, index) => Math.round((index + row.next().value) / TIMES * LENGTH * 10) / 10)
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'proofbook-reap-'))
  mkdirSync(join(folder, '.proofbook/labs/theirs'), { recursive: true })
  writeFileSync(join(folder, '.proofbook/labs/theirs/thesis.txt'), 'not a lab')
  const [beside, node] = FOREIGN.container
  await docker('create', '--name', beside!, '--network', 'none', hostRef)
  await docker('create', '--name', node!, '--network', 'none', '--label', 'io.x-k8s.kind.cluster=proofbook-theirs', hostRef)
  for (const name of FOREIGN.network) await docker('network', 'create', name)
  for (const name of FOREIGN.volume) await docker('volume', 'create', name)
  before = await traces()
})

afterAll(async () => {
  await proofbook(['lab', 'down', '--all', '--here'], { cwd: folder })
  for (const name of FOREIGN.container) await docker('rm', name)
  for (const name of FOREIGN.network) await docker('network', 'rm', name)
  for (const name of FOREIGN.volume) await docker('volume', 'rm', name)
  rmSync(folder, { recursive: true })
})

async function expectNothingLeft(): Promise<void> {
  expect(await traces()).toEqual(before)
  expect(readdirSync(join(folder, '.proofbook/labs'))).toEqual(['theirs'])
  expect(existsSync(join(folder, '.proofbook/labs/theirs/thesis.txt'))).toBe(true)
}

describe(`kill -9 of the process group, seed ${SEED}`, () => {
  test.each(moments())('%d s after the start: lab down --all leaves nothing', async (seconds) => {
    const started = up()
    await Promise.race([wait(seconds * 1000), started.ended])
    signalGroup(started, 'SIGKILL')
    await started.ended
    expect((await removeAll()).exit).toBe(0)
    await expectNothingLeft()
  })
})

test('a cluster that its owner made by kind, by a name like ours, is not ours', async () => {
  expect((await lab('down', '--lab', 'theirs').ended).exit).toBe(0)
  await expectNothingLeft()
})

test('a network of our name that is not ours is left alone, and the way to remove it is told', async () => {
  const name = 'proofbook-e2e-foreign'
  await docker('network', 'create', name)
  try {
    await expect(createNetwork('e2e-foreign', topologyNamed('cluster'), 'no-image', '/nowhere')).rejects.toThrow(`docker network rm ${name}`)
    expect(await docker('network', 'ls', '--filter', `name=^${name}$`, '--format', '{{.Name}}')).toBe(name)
  } finally {
    await docker('network', 'rm', name)
  }
})

test('a rule that an earlier version left is taken out, a rule of somebody else\'s is not', async () => {
  const iptables = (...words: string[]): Promise<string> =>
    docker('run', '--rm', '--network', 'host', '--cap-add', 'NET_ADMIN', '--cap-add', 'NET_RAW', '--entrypoint', 'iptables', hostRef, '--wait', ...words)
  const rule = (comment: string): string[] => ['DOCKER-USER', '-i', 'pb-gone', '-m', 'comment', '--comment', comment, '-j', 'DROP']
  await iptables('-I', ...rule('proofbook.lab=gone'))
  await iptables('-I', ...rule('proofbook labs, keep out'))
  try {
    expect((await lab('down', '--all', '--here').ended).stderr).toMatch(/^removed .*the firewall rule of lab gone/m)
    await iptables('-C', ...rule('proofbook labs, keep out'))
    await expect(iptables('-C', ...rule('proofbook.lab=gone'))).rejects.toThrow()
  } finally {
    await iptables('-D', ...rule('proofbook labs, keep out'))
  }
})

test('a lab that another process is still making goes as well, and its maker ends', async () => {
  const maker = up()
  await expect.poll(() => docker('ps', '--all', '--quiet', '--filter', `label=io.x-k8s.kind.cluster=proofbook-${LAB}`), { timeout: 60_000 }).not.toBe('')
  const { exit, stderr } = await lab('down', '--lab', LAB).ended
  expect(exit, stderr).toBe(0)
  expect((await maker.ended).exit).toBe(3)
  await expectNothingLeft()
})

test('the next lab up removes what a killed one left, and says so in a line', async () => {
  const killed = up()
  await reaches(killed, /start the hosts lb and client/)
  signalGroup(killed, 'SIGKILL')
  await killed.ended
  expect(await traces(), 'nothing was there to remove: this test proves nothing').not.toEqual(before)
  expect((await lab('list').ended).stdout).toMatch(/^reaped +left /m)

  const next = up('reaped-next')
  await reaches(next, /^removed what processes left that are gone: .*half of lab reaped\b/m)
  expect((await traces()).filter(trace => /reaped(-(?!next|copy)|$)/.test(trace) && !before.includes(trace))).toEqual([])
  signalGroup(next, 'SIGINT')
  expect((await next.ended).exit).toBe(130)
  await expectNothingLeft()
})
