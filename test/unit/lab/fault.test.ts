import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { aheadOf, clockFindings } from '../../../src/lab/doctor/clock.ts'
import { dockerFindings, type DockerFacts } from '../../../src/lab/doctor/docker.ts'
import { kernelFindings } from '../../../src/lab/doctor/kernel.ts'
import { machineFindings, type MachineFacts } from '../../../src/lab/doctor/machine.ts'
import { LabError } from '../../../src/lab/errors.ts'
import { clockWatch, clockWasSet, faultOf, whyNotMade } from '../../../src/lab/fault.ts'
import { CommandFailed } from '../../../src/lab/images/run.ts'
import { dockerWithoutProxies, NO_PROXIES, proxiesIn } from '../../../src/lab/proxy.ts'

const failed = (stderr: string): CommandFailed => new CommandFailed(['kind', 'create'], 1, stderr)

describe('a failure in the middle', () => {
  const faults: [words: string, remedy: RegExp][] = [
    ['write /var/lib/x: no space left on device', /^A disk is full\. .* free .*XDG_CACHE_HOME/],
    ['Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?', /^Docker stopped answering\. Start it: proofbook setup/],
    ['Bind for 127.0.0.1:39961 failed: port is already allocated', /^A port was taken .*ss -ltnp/],
    ['fork/exec /usr/bin/x: cannot allocate memory', /^Memory ran out\. .*--servers 1/],
    ['failed to create fsnotify watcher: too many open files', /inotify limits are used up\. Raise them: proofbook setup/],
    ['x509: certificate has expired or is not yet valid: current time is before', /^Clocks differ: .*timedatectl/],
    ['ERROR: failed to create cluster: node(s) already exist for a cluster with the name "proofbook-x"', /Name another lab with --lab/],
  ]
  test.each(faults)('"%s" comes with its remedy and its own words', async (words, remedy) => {
    const told = await faultOf(failed(words))
    expect(told).toBeInstanceOf(LabError)
    expect(told?.message).toMatch(remedy)
    expect(told?.message).toContain(words)
  })

  test('Node\'s own words, and a cause further down, are known too', async () => {
    const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' })
    expect((await faultOf(new Error('could not pack', { cause: full })))?.message).toContain('A disk is full')
  })

  test('what is not the machine\'s fault is not called so', async () => {
    expect(await faultOf(failed('error: context deadline exceeded'))).toBeUndefined()
    expect((await whyNotMade('x', failed('error: context deadline exceeded'), 0) as Error).message).toMatch(/^lab x could not be made: .*Try: proofbook doctor$/s)
    const ours = new TypeError('undefined is not a function')
    expect(await whyNotMade('x', ours, 0)).toBe(ours)
  })
})

describe('a clock that is set while a lab is made', () => {
  afterEach(() => { vi.useRealTimers() })

  test('is noticed, back and forth, and nothing is when it only runs', () => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() })
    const moved = clockWatch()
    expect(Math.abs(moved())).toBeLessThan(1_000)
    vi.setSystemTime(Date.now() - 3_600_000)
    expect(clockWasSet(moved())).toMatch(/set back by 3600 s meanwhile, so that certificates made before are not valid yet/)
    vi.setSystemTime(Date.now() + 7_200_000)
    expect(clockWasSet(moved())).toMatch(/set forward by 3600 s meanwhile:/)
    expect(clockWasSet(-900)).toBeUndefined()
  })

  test('is named before what it brought about', async () => {
    expect((await whyNotMade('x', new Error('no answer'), -3_600_000) as Error).message).toMatch(/^lab x could not be made: this machine's clock was set back by 3600 s/)
  })

  test('lengthens and shortens no time limit: none is taken from the clock', () => {
    const root = new URL('../../../src/lab/', import.meta.url).pathname
    const limits = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(file => file.endsWith('.ts'))
      .filter(file => /(deadline|end|until|started) = Date\.now\(\)/.test(readFileSync(join(root, file), 'utf8')))
    expect(limits).toEqual([])
  })
})

describe('before a lab is made', () => {
  const machine: MachineFacts = { platform: 'linux', arch: 'x64', node: '24.1.0', root: true, debian: true, systemd: false, cache: '/c', free: 100e9, memory: 16e9, available: 12e9, proxies: [] }
  const engine = { version: '20.10', storage: 'overlay2', runtime: 'runc', rootless: false, root: '/var/lib/docker', free: 50e9, ahead: 0 }
  const docker: DockerFacts = { client: '20.10', installed: true, lacksSysResource: false, fitted: false, engine }
  const state = (name: string, found: ReturnType<typeof machineFindings>): string | undefined => found.find(finding => finding.name === name)?.state
  const ofMachine = (name: string, change: Partial<MachineFacts>, cold = false): string | undefined => state(name, machineFindings({ ...machine, ...change }, cold))
  const ofDocker = (name: string, change: Partial<typeof engine>): string | undefined => state(name, dockerFindings({ ...docker, engine: { ...engine, ...change } }))

  test('a disk that may become full is a warning, one that must is refused', () => {
    expect([100e9, 20e9, 5e9].map(free => ofMachine('disk', { free }, true))).toEqual(['ok', 'warn', 'missing'])
    expect([100e9, 4e9, 1e9].map(free => ofMachine('disk', { free }))).toEqual(['ok', 'warn', 'missing'])
    expect([50e9, 4e9, 1e9].map(free => ofDocker('Docker disk', { free }))).toEqual(['ok', 'warn', 'missing'])
  })

  test('memory: little is a warning, too little is refused', () => {
    expect([{}, { memory: 4e9, available: 3e9 }, { available: 1e9 }].map(change => ofMachine('memory', change))).toEqual(['ok', 'warn', 'missing'])
  })

  test('clocks: a second is nothing, ten are a warning, an hour is refused, and which way is said', () => {
    expect([1_000, -10_000, 3_600_000].map(ahead => ofDocker('clock', { ahead }))).toEqual([undefined, 'warn', 'missing'])
    expect(clockFindings('it', -10_000)[0]?.detail).toBe('it is 10 s behind this one: what is signed there is not valid any more here')
    expect(clockFindings('it', undefined)).toEqual([])
    // the header Date has seconds, rounded down
    expect([aheadOf(1_000, 1_900, 2_100, 1_000), aheadOf(9_000, 1_900, 2_100), aheadOf(0, 11_000, 11_000, 1_000), aheadOf(NaN, 1, 2)]).toEqual([0, 6_900, -10_000, undefined])
  })

  test('inotify limits that a few kubelets use up are refused', () => {
    const found = (instances: number): string | undefined => state('inotify', kernelFindings({ cgroup: 2, inotify: { instances, watches: 524_288 }, unusable: [] }))
    expect([1_024, 128].map(found)).toEqual(['ok', 'missing'])
  })

  test('a proxy is named, and its exceptions are none', () => {
    expect(proxiesIn({ HTTPS_PROXY: 'http://p', NO_PROXY: 'x', http_proxy: '' })).toEqual(['HTTPS_PROXY'])
    expect(ofMachine('proxy', { proxies: ['HTTPS_PROXY'] })).toBe('adapted')
    expect(ofMachine('proxy', {})).toBeUndefined()
    expect(NO_PROXIES).toMatchObject({ HTTP_PROXY: '', https_proxy: '', no_proxy: '' })
  })
})

describe('the settings of Docker\'s client', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'proofbook-proxy-'))
    vi.stubEnv('DOCKER_CONFIG', join(folder, 'theirs'))
    mkdirSync(join(folder, 'theirs/contexts'), { recursive: true })
  })
  afterEach(() => {
    vi.unstubAllEnvs()
    rmSync(folder, { recursive: true })
  })
  const settings = (value: object): void => writeFileSync(join(folder, 'theirs/config.json'), JSON.stringify(value))

  test('are left alone where they name no proxy', async () => {
    expect(await dockerWithoutProxies(join(folder, 'lab'))).toEqual({})
    settings({ currentContext: 'far' })
    expect(await dockerWithoutProxies(join(folder, 'lab'))).toEqual({})
  })

  test('lose proxies and credentials, and keep the context', async () => {
    settings({ currentContext: 'far', auths: { 'r.example': { auth: 'c2VjcmV0' } }, proxies: { default: { httpProxy: 'http://p' } } })
    const { DOCKER_CONFIG = '' } = await dockerWithoutProxies(join(folder, 'lab'))
    expect(JSON.parse(readFileSync(join(DOCKER_CONFIG, 'config.json'), 'utf8'))).toEqual({ currentContext: 'far' })
    expect(readdirSync(DOCKER_CONFIG).sort()).toEqual(['config.json', 'contexts'])
  })
})
