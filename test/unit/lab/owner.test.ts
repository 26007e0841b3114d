import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { isOurs, markFolder, readMarker } from '../../../src/lab/marker.ts'
import { labsOfStrayRules } from '../../../src/lab/network/egress.ts'
import { isDead, owner, OWNER_VARIABLE, ownerText, parseOwner, type Owner } from '../../../src/lab/owner.ts'
import { endOrphans, orphans } from '../../../src/lab/reap/orphans.ts'

let folder: string
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'proofbook-owner-')) })
afterEach(() => rmSync(folder, { recursive: true }))

test('an owner survives being written on a label', () => {
  expect(parseOwner(ownerText())).toEqual(owner())
  for (const text of [undefined, '', '4711', 'a/b/c/1', 'a/b/c/x/2', 'a/b/c/1/2/3']) expect(parseOwner(text)).toBeUndefined()
})

const others: [what: string, change: Partial<Owner>, dead: boolean][] = [
  ['this process', {}, false],
  // 2^22 is the largest pid that Linux gives
  ['a pid that nobody has', { pid: 4_194_305 }, true],
  ['the same pid, started at another time', { started: owner().started - 1 }, true],
  ['before the last boot', { boot: 'another' }, true],
  ['on another machine, whatever its boot', { machine: 'another', boot: 'another', pid: 4_194_305 }, false],
  ['in another PID namespace, where a pid says nothing', { space: '1', pid: 4_194_305 }, false],
]
test.each(others)('%s', (_, change, dead) => {
  expect(isDead({ ...owner(), ...change })).toBe(dead)
})

test('programs of a dead owner are ended, those of a living one and of nobody stay', async () => {
  const dead = ownerText({ ...owner(), started: owner().started - 1 })
  // An engine is never ended, whatever it inherited.
  const started = [dead, ownerText(), '', dead].map((mark, index) =>
    spawn('sleep', ['300'], { argv0: index === 3 ? 'dockerd' : 'orphan', detached: true, stdio: 'ignore', env: { ...process.env, [OWNER_VARIABLE]: mark } }))
  const [orphan, ...staying] = started
  try {
    await expect.poll(() => orphans().map(({ pid }) => pid)).toContain(orphan!.pid)
    const ended = once(orphan!, 'exit')
    expect((await endOrphans()).map(({ pid }) => pid)).toEqual([orphan!.pid])
    expect(await ended).toEqual([null, 'SIGKILL'])
    expect(staying.map(({ exitCode, signalCode }) => exitCode ?? signalCode)).toEqual([null, null, null])
  } finally {
    for (const { pid } of staying) process.kill(pid!, 'SIGKILL')
  }
})

test('a folder is taken over when it is a lab\'s or empty, and refused when it is somebody\'s', async () => {
  const lab = join(folder, 'lab')
  await markFolder(lab, 'x')
  expect(await readMarker(lab)).toEqual({ lab: 'x', owner: owner() })
  await markFolder(lab, 'x', { kept: true })
  expect(await readMarker(lab)).toMatchObject({ kept: true })

  const theirs = join(folder, 'theirs')
  mkdirSync(theirs)
  expect(await isOurs(theirs)).toBe(true)
  writeFileSync(join(theirs, 'thesis.txt'), '')
  expect(await isOurs(theirs)).toBe(false)
  await expect(markFolder(theirs, 'theirs')).rejects.toThrow('was not made by Proofbook')
})

test('a rule is stray when its bridge is gone, and ours only by its comment', () => {
  const rule = (bridge: string, comment: string): string => `-A DOCKER-USER -i ${bridge} ! -o ${bridge} -m comment --comment ${comment} -j REJECT`
  const rules = ['-N DOCKER-USER', rule('pb-gone', '"proofbook.lab=gone"'), rule('pb-up', 'proofbook.lab=up'),
    rule('pb-theirs', '"proofbook labs"'), rule('br-1', '"proofbook.lab=other"'), '-A DOCKER-USER -j RETURN'].join('\n')
  expect(labsOfStrayRules(`${rules}\n\neth0\npb-up\n`)).toEqual(['gone'])
  expect(labsOfStrayRules(`${rules}\n\neth0\npb-up\npb-gone\n`)).toEqual([])
})
