import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { alsoNamed, bump, diffOf, pinFor, PINS } from '../../../src/versions/bump.ts'
import { components, type Component } from '../../../src/versions/components.ts'
import { releasesIn } from '../../../src/versions/registries.ts'
import { compareReleases, newerThan, releaseOf } from '../../../src/versions/release.ts'
import { supportOf, windows } from '../../../src/versions/support.ts'

const component = (name: string): Component => components.find(one => one.name === name)!
const read = (file: string): string => readFileSync(file, 'utf8')

describe('newer', () => {
  test.each([
    ['v1.19.7', ['v1.19.6', 'v1.19.8', 'v1.19.10', 'v1.20.2'], { patch: 'v1.19.10', minor: 'v1.20.2' }],
    ['v1.36.4', ['v1.36.3', 'v1.38.0-beta.0', 'v1.37.2'], { minor: 'v1.37.2' }],
    ['v0.33.0', ['v0.32.0', 'v0.33.0'], {}],
    ['2.6.12-1+deb12u4', ['2.6.12-1+deb12u5'], {}],
  ])('than %s of %j', (pinned, seen, expected) => expect(newerThan(pinned, seen)).toEqual(expected))

  test('releases are in the order of their numbers, not of their letters', () => {
    const anyRelease = fc.tuple(fc.nat(30), fc.nat(30), fc.nat(30))
    fc.assert(fc.property(anyRelease, anyRelease, (a, b) => {
      const order = Math.sign(compareReleases(releaseOf(`v${a.join('.')}`)!, releaseOf(`v${b.join('.')}`)!))
      const first = a.findIndex((number, index) => number !== b[index])
      expect(order).toBe(first < 0 ? 0 : Math.sign(a[first]! - b[first]!))
    }))
  })
})

describe('bump, on the pins as they are', () => {
  test.each(components.filter(({ key }) => key !== undefined).map(({ name }) => name))('%s: one line for each pin, and nothing else', (name) => {
    const from = component(name).pins.at(-1)!
    const edits = bump(component(name), from, `${from.slice(0, from.lastIndexOf('.'))}.999`, read)
    for (const edit of edits) {
      const changed = edit.before.split('\n').filter((line, index) => line !== edit.after.split('\n')[index])
      expect(changed).toHaveLength(name === 'kubernetes' ? 2 : 1)
      expect(edit.after.split('\n')).toHaveLength(edit.before.split('\n').length)
    }
    expect(edits.map(({ file }) => file)).toContain(PINS)
    expect(edits[0]!.after).toContain('.999')
  })

  test('Cilium: the pin of its minor, and what differs by release', () => {
    expect(pinFor(component('cilium'), 'v1.20.9')).toBe(component('cilium').pins[1])
    expect(bump(component('cilium'), pinFor(component('cilium'), 'v1.20.9'), 'v1.20.9', read).map(diffOf).join('\n')).toMatch(/\+ .*'v1\.20\.9'.*\n(.|\n)*\+ .*'v1\.20\.9':/)
    expect(() => pinFor(component('cilium'), 'v1.21.0')).toThrow('expected --to a release of one of these minors')
  })

  test('Kubernetes: the staging modules go with it', () => {
    const [from] = component('kubernetes').pins
    expect(bump(component('kubernetes'), from!, 'v1.99.1', read)[0]!.after).toMatch(/staging: 'v0\.99\.1'/)
  })

  test('etcd: the image, whose tag has a number of its own, is named to be looked at', () => {
    const [from] = component('etcd').pins
    const [edit] = bump(component('etcd'), from!, 'v3.6.99', read)
    expect(alsoNamed(edit!, from!).join()).toContain('etcdImage')
  })

  test.each([['1.2.3', 'expected it as the pin stands'], ['newest', 'expected a release such as']])('--to %s is refused', (to, words) => {
    expect(() => pinFor(component('kind'), to)).toThrow(words)
  })

  test('a pin that does not stand there is an error, not a file without a change', () => {
    expect(() => bump(component('kind'), 'v9.9.9', 'v9.9.10', read)).toThrow('expected the pin v9.9.9 there')
    expect(() => bump(component('haproxy'), '2.6', '2.8', read)).toThrow('the pinned Debian suite brings it')
    expect(() => bump(component('debian'), 'bookworm', 'trixie', read)).toThrow('a suite is chosen')
    expect(() => bump(component('cert-manager'), '', 'v1.21.2', read)).toThrow('in no lab')
    expect(() => bump(component('zx'), '8.8.5', '8.9.0', read)).toThrow('npm install --save-exact zx@8.9.0')
  })
})

describe('support', () => {
  test.each([
    ['a date that is known', 'kubernetes', 'v1.36.4', 'v1.39.0', true, '2027-06-28'], ['k3s by its own number', 'k3s', 'v1.36.4+k3s1', '', true, '2027-06-28'],
    ['where no date is known, how far behind', 'kubernetes', 'v1.37.0', 'v1.39.0', true, undefined], ['too far behind', 'kubernetes', 'v1.30.0', 'v1.37.0', false, undefined],
    ['the newest', 'cilium', 'v1.20.1', 'v1.20.2', true, undefined], ['one minor only', 'traefik', 'v3.6.12', 'v3.7.13', false, undefined],
    ['a number of Debian', 'haproxy', '2.6.12-1+deb12u4', '', true, '2027-04-01'], ['its epoch', 'haproxy', '1:3.2.1-1', '', true, '2030-04-01'],
    ['a minor without a date', 'haproxy', '2.7.1-1', '', undefined, undefined], ['by the suite', 'keepalived', '1:2.2.7-1+b2', '', true, '2028-06-30'],
    ['a major', 'node', '24.21.0', '26.10.0', true, '2028-04-30'], ['no window', 'kind', 'v0.33.0', 'v0.33.0', undefined, undefined],
  ])('%s: %s %s, with %s the newest: %s', (_, name, release, newest, supported, until) => {
    const found = supportOf(name, release, newest, '2026-11-29')
    expect([found.supported, found.until]).toEqual([supported, until])
    expect(found.why).not.toBe('')
  })
  test.each([['2027-04-01', true], ['2027-04-02', false]])('on %s: %s', (today, expected) => expect(supportOf('haproxy', '2.6.12-1', '', today).supported).toBe(expected))

  test('each window is of a component that is listed, and says where it was read', () => {
    const known = components.map(({ name }) => name)
    expect(Object.keys(windows).filter(name => !known.includes(name))).toEqual([])
    expect(Object.values(windows).filter(({ source }) => !/[\w-]+\.\w+\//.test(source) && !source.includes('haproxy.org'))).toEqual([])
    expect(Object.values(windows).flatMap(({ until = {} }) => Object.values(until)).filter(day => Number.isNaN(Date.parse(day)) || day.length !== 10)).toEqual([])
  })
})

test('what the book names, what labs are made of, and what Proofbook itself stands on are listed', () => {
  const known = components.map(({ name }) => name)
  for (const name of ['k3s', 'kubernetes', 'cilium', 'haproxy', 'traefik', 'cert-manager', 'kind', 'k3d', 'debian', 'node', 'zx', 'astro']) expect(known).toContain(name)
  expect(new Set(known).size).toBe(known.length)
})

test('a registry that is not asked says why', async () => {
  expect(await releasesIn({ kind: 'none', reason: 'images' })).toEqual({ notAsked: 'images' })
  expect(await releasesIn({ kind: 'npm', package: '@proofbook/no-such-package' })).toEqual({ notAsked: expect.stringMatching(/./) as string })
  expect(await releasesIn({ kind: 'debian', package: 'no-such-package-of-proofbook' })).toEqual({ notAsked: expect.stringMatching(/./) as string })
})
