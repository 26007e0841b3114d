import { describe, expect, test } from 'vitest'
import { dockerFindings, type DockerFacts } from '../../../src/lab/doctor/docker.ts'
import { PreflightError } from '../../../src/lab/doctor/finding.ts'
import { buildsFor, imageFindings } from '../../../src/lab/doctor/images.ts'
import { kernelFindings } from '../../../src/lab/doctor/kernel.ts'
import { machineFindings, type MachineFacts } from '../../../src/lab/doctor/machine.ts'
import { toolFindings } from '../../../src/lab/doctor/tools.ts'
import type { SetupFacts } from '../../../src/lab/setup/facts.ts'
import { plan } from '../../../src/lab/setup/plan.ts'
import { withRuntime } from '../../../src/lab/setup/runtime.ts'

const machine: MachineFacts = { platform: 'linux', arch: 'x64', node: '24.1.0', root: true, debian: true, systemd: false, cache: '/c', free: 100e9, memory: 16e9, available: 12e9, proxies: [] }
const docker: DockerFacts = {
  client: '20.10', installed: true, lacksSysResource: false, fitted: false,
  engine: { version: '20.10', storage: 'overlay2', runtime: 'runc', rootless: false, root: '/var/lib/docker', free: 50e9, ahead: 0 },
}
const { engine, ...stopped } = docker
const ready: SetupFacts = {
  machine, docker,
  tools: { go: '1.26.8', mmdebstrap: true, compiler: true, seccomp: true },
  kernel: { cgroup: 2, inotify: { instances: 1024, watches: 524288 } },
  builds: { go: false, debian: false, c: false },
}
const all = { go: true, debian: true, c: true }
const nothing = { mmdebstrap: false, compiler: false, seccomp: false }
const whats = (facts: SetupFacts): string[] => plan(facts).map(({ what }) => what)

describe('plan', () => {
  test('nothing to do where all is there, or what is missing is not needed', () => {
    expect(whats(ready)).toEqual([])
    expect(whats({ ...ready, tools: nothing })).toEqual([])
  })

  test('a bare machine: the engine first, builds when it answers', () => {
    const bare = { ...ready, tools: nothing, builds: undefined, docker: { installed: false, lacksSysResource: false, fitted: false } }
    expect(whats(bare)).toEqual([expect.stringMatching(/^install docker\.io, iptables, iproute2/), 'start the Docker engine'])
    expect(whats({ ...ready, tools: nothing, builds: all })).toEqual([
      'install mmdebstrap, gcc, libc6-dev, libseccomp-dev, pkg-config, golang-go, ca-certificates',
      expect.stringMatching(/^fetch Go 1\.26/),
    ])
  })

  test('an old Go fetches the new one itself', () => {
    expect(whats({ ...ready, builds: all, tools: { ...nothing, mmdebstrap: true, compiler: true, seccomp: true, oldGo: '1.21.0' } }))
      .toEqual([expect.stringMatching(/^fetch Go 1\.26/)])
  })

  test('no CAP_SYS_RESOURCE: the runtime before the engine starts, once', () => {
    const lacking = { ...stopped, lacksSysResource: true }
    expect(whats({ ...ready, docker: lacking, builds: undefined })).toEqual([expect.stringContaining('default runtime'), 'start the Docker engine'])
    expect(whats({ ...ready, docker: { ...lacking, fitted: true }, builds: undefined })).toEqual(['start the Docker engine'])
  })

  test('inotify limits', () => {
    expect(whats({ ...ready, kernel: { cgroup: 2, inotify: { instances: 128, watches: 524288 } } })).toEqual([expect.stringMatching(/max_user_instances=1024/)])
  })
})

describe('Docker\'s settings', () => {
  test('others stay, and a second time changes nothing', () => {
    const once = withRuntime('{"log-driver":"local","runtimes":{"runsc":{"path":"/x"}}}')
    expect(JSON.parse(once)).toEqual({
      'log-driver': 'local',
      'runtimes': { runsc: { path: '/x' }, proofbook: { path: '/usr/local/sbin/proofbook-runc' } },
      'default-runtime': 'proofbook',
    })
    expect(withRuntime(once)).toBe(once)
  })

  test.each([['{', 'is not JSON'], ['{"default-runtime":"nvidia"}', 'names the default runtime nvidia']])('%s is left alone', (text, message) => {
    expect(() => withRuntime(text)).toThrow(PreflightError)
    expect(() => withRuntime(text)).toThrow(message)
  })
})

describe('findings', () => {
  const states = (findings: readonly { name: string, state: string }[]) => Object.fromEntries(findings.map(({ name, state }) => [name, state]))

  test('a machine as it should be', () => {
    const found = [
      ...machineFindings(machine, true), ...dockerFindings(docker),
      ...kernelFindings({ ...ready.kernel, unusable: [] }), ...toolFindings(ready.tools, all),
    ]
    expect(new Set(found.map(({ state }) => state))).toEqual(new Set(['ok']))
  })

  test('each lack is named, and what is missing says what to do', () => {
    const found = [
      ...machineFindings({ ...machine, platform: 'darwin', node: '20.19.0', free: 20e9, memory: 4e9 }, true),
      ...dockerFindings({ ...docker, lacksSysResource: true }),
      ...kernelFindings({ cgroup: undefined, inotify: { instances: 128, watches: 1 }, unusable: ['vxlan'] }),
      ...toolFindings(nothing, all),
    ]
    expect(states(found)).toEqual({
      'system': 'missing', 'Node.js': 'missing', 'disk': 'warn', 'Docker disk': 'ok', 'memory': 'warn', 'Docker': 'ok', 'Docker storage': 'ok',
      'CAP_SYS_RESOURCE': 'missing', 'cgroups': 'missing', 'inotify': 'missing', 'kernel network': 'missing',
      'Go': 'missing', 'mmdebstrap': 'missing', 'C compiler': 'missing',
    })
    for (const { name, state, fix } of found) if (state !== 'ok') expect(fix, name).toBeTruthy()
  })

  test('what a lab copes with is told as adapted', () => {
    const found = [...dockerFindings({ ...docker, lacksSysResource: true, fitted: true }), ...kernelFindings({ ...ready.kernel, cgroup: 1, unusable: [] })]
    expect(states(found)).toMatchObject({ 'CAP_SYS_RESOURCE': 'adapted', 'cgroups': 'adapted' })
  })

  test.each([
    ['permission denied while trying to connect', 'usermod'],
    ['Cannot connect to the Docker daemon', 'proofbook setup'],
  ])('an engine that says "%s"', (problem, fix) => {
    expect(dockerFindings({ ...stopped, problem })[0]).toMatchObject({ state: 'missing', fix: expect.stringContaining(fix) as string })
  })

  test('what is built depends on what is there and on the registry', () => {
    const none = { node: false, host: false, programs: false }
    expect(buildsFor({ ...none, registry: false })).toEqual({ go: true, debian: true, c: true })
    expect(buildsFor({ ...none, registry: true })).toEqual({ go: true, debian: false, c: false })
    expect(buildsFor({ node: true, host: false, programs: true, registry: false })).toEqual({ go: false, debian: true, c: false })
    expect(buildsFor({ node: true, host: true, programs: true })).toEqual({ go: false, debian: false, c: false })
    const all = { node: true, host: true, programs: true }
    expect(buildsFor({ ...all, cilium: true })).toEqual({ go: false, debian: false, c: false })
    expect(buildsFor({ ...all, cilium: false, registry: false })).toEqual({ go: true, debian: true, c: false })
    expect(buildsFor({ ...all, cilium: false, registry: true })).toEqual({ go: true, debian: false, c: false })
    expect(states(imageFindings({ ...none, registry: false }))).toMatchObject({ 'image registry': 'adapted' })
  })

  test('which of the two a lab on k3d has: k3s, or a stand-in that proves nothing', () => {
    const line = (facts: Partial<Parameters<typeof imageFindings>[0]>) =>
      imageFindings({ node: true, host: true, programs: true, ...facts }).find(({ name }) => name === 'k3s image')
    expect(line({ k3s: 'k3s' })).toEqual({ name: 'k3s image', state: 'ok', detail: 'k3s v1.36.4+k3s1, in Docker' })
    expect(line({ k3s: 'stand-in' })).toMatchObject({ state: 'adapted', detail: expect.stringMatching(/^a stand-in for k3s.*never count as verified$/) })
    expect(line({ registry: true })).toMatchObject({ state: 'ok', detail: expect.stringContaining('will be pulled') })
    expect(line({ registry: false, airgap: '/a' })).toMatchObject({ state: 'adapted', detail: expect.stringContaining('in /a: where no registry answers a lab on k3d has a stand-in') })
  })
})
