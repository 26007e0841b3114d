import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { Locked, type Holder } from '../../../src/run/lock-holder.ts'
import { lockHosts } from '../../../src/run/host-lock.ts'
import { atWork, takeLock } from '../../../src/run/lock.ts'
import { localTarget } from '../../../src/target/local.ts'

function place(): string {
  const root = mkdtempSync(join(tmpdir(), 'proofbook-lock-'))
  onTestFinished(() => rmSync(root, { recursive: true, force: true }))
  return root
}

/** Makes the lock look as if another process had taken it. */
function change(root: string, by: Partial<Holder>): void {
  const file = join(root, 'locks', readdirSync(join(root, 'locks'))[0]!)
  writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, 'utf8')) as Holder, ...by }))
}

test('two runs on one host: the second is refused and told who is there', () => {
  const root = place()
  using _ = takeLock({ root, keys: ['root@192.168.0.46'], run: 'first' })
  expect(() => takeLock({ root, keys: ['a', 'root@192.168.0.46', 'z'], run: 'second' }))
    .toThrow(new RegExp(`^root@192.168.0.46 is locked: run first \\(process ${process.pid} on \\S+, since \\d{4}-.*\\) is at work there`))
  expect(atWork(root, 'first')).toBe(true)
  // Nothing of the second stays.
  expect(readdirSync(join(root, 'locks'))).toEqual(['root@192.168.0.46.json'])
  // One that is at work is never pushed aside.
  expect(() => takeLock({ root, keys: ['root@192.168.0.46'], run: 'second', breakStale: true })).toThrow(Locked)
})

test('other hosts, and the same after the end, are free', () => {
  const root = place()
  {
    using _ = takeLock({ root, keys: ['a'], run: 'first' })
    using __ = takeLock({ root, keys: ['b'], run: 'second' })
  }
  using _ = takeLock({ root, keys: ['a', 'b'], run: 'third' })
  expect(readdirSync(join(root, 'locks')).toSorted()).toEqual(['a.json', 'b.json'])
})

test('a process that is gone: told, taken over by its own run or by --break-lock', async () => {
  const root = place()
  const child = spawn('true')
  await new Promise(resolve => { child.once('close', resolve) })
  takeLock({ root, keys: ['a'], run: 'first' })
  change(root, { pid: child.pid! })
  expect(atWork(root, 'first')).toBe(false)
  expect(() => takeLock({ root, keys: ['a'], run: 'second' })).toThrow(/that process is gone.*run --resume first.*--break-lock/s)
  using second = takeLock({ root, keys: ['a'], run: 'second', breakStale: true })
  expect(second.broken).toMatchObject([{ run: 'first' }])
  second[Symbol.dispose]()
  takeLock({ root, keys: ['a'], run: 'first' })
  change(root, { pid: child.pid! })
  using again = takeLock({ root, keys: ['a'], run: 'first' })
  expect(again.broken).toHaveLength(1)
})

test('a process that has the number of one that is gone, and one before a reboot, hold nothing', () => {
  for (const other of [{ begun: '1' }, { boot: 'another' }]) {
    const root = place()
    takeLock({ root, keys: ['a'], run: 'first' })
    change(root, other)
    expect(() => takeLock({ root, keys: ['a'], run: 'second' })).toThrow('that process is gone')
  }
})

test('of another machine it is not known', () => {
  const root = place()
  takeLock({ root, keys: ['a'], run: 'first' })
  change(root, { host: 'elsewhere.example', machine: 'another' })
  expect(() => takeLock({ root, keys: ['a'], run: 'first' })).toThrow(/on elsewhere\.example.*cannot see whether it is still at work/s)
  using _ = takeLock({ root, keys: ['a'], run: 'second', breakStale: true })
})

describe('a lock on the host itself', () => {
  // Real bash in place of ssh; the folder is that of the host.
  const hosts = localTarget({ hosts: [{ name: 's1', roles: [] }] }).hosts
  const at = (folder: string, run: string, more = {}) => lockHosts({ hosts, run, folders: [join(folder, 'none'), folder], ...more })
  const fileIn = (folder: string): string => join(folder, 'proofbook.lock')
  const held = (folder: string, by: Partial<Holder>): void => {
    writeFileSync(fileIn(folder), JSON.stringify({ ...JSON.parse(readFileSync(fileIn(folder), 'utf8')) as Holder, ...by }))
  }

  test('keeps another run away until it is released', async () => {
    const folder = place()
    const first = await at(folder, 'first')
    await expect(at(folder, 'second', { breakStale: true })).rejects.toThrow(/^s1 \(this machine\) is locked: run first .* is at work there/)
    await first[Symbol.asyncDispose]()
    expect(readdirSync(folder)).toEqual([])
    await using _ = await at(folder, 'second')
    expect(readdirSync(folder)).toEqual(['proofbook.lock'])
  })

  test('of another machine is told, and taken over with --break-lock only', async () => {
    const folder = place()
    await at(folder, 'first')
    held(folder, { host: 'desk-of-anna', machine: 'another' })
    await expect(at(folder, 'second')).rejects.toThrow(/run first \(process \d+ on desk-of-anna, since .*--break-lock/s)
    await using _ = await at(folder, 'second', { breakStale: true })
    expect(readFileSync(fileIn(folder), 'utf8')).toContain('"run":"second"')
  })

  test('of a process that is gone is taken over by its own run', async () => {
    const folder = place()
    await at(folder, 'first')
    held(folder, { begun: '1' })
    await expect(at(folder, 'second')).rejects.toThrow('that process is gone')
    await using _ = await at(folder, 'first')
  })

  test('two names of one host are one host; what is not ours is left alone', async () => {
    const folder = place()
    const twice = await lockHosts({ hosts: localTarget({ hosts: [{ name: 'a', roles: [] }, { name: 'b', roles: [] }] }).hosts, run: 'first', folders: [folder] })
    held(folder, { run: 'other' })
    await twice[Symbol.asyncDispose]()
    expect(readdirSync(folder)).toEqual(['proofbook.lock'])
  })

  test('a link that lies there is not followed', async () => {
    const folder = place()
    const victim = join(folder, 'victim')
    symlinkSync(victim, fileIn(folder))
    await expect(at(folder, 'first')).rejects.toThrow(Locked)
    expect(readdirSync(folder)).toEqual(['proofbook.lock'])
  })
})
