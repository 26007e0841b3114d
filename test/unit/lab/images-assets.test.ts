import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { asset, assetPath } from '../../../src/lab/images/assets.ts'
import { LEFT_OUT, programOf } from '../../../src/lab/images/coredns.ts'
import { edited } from '../../../src/lab/images/kind-files.ts'
import { stagingReplacements } from '../../../src/lab/images/go-build.ts'
import { hostScript } from '../../../src/lab/images/host.ts'
import { atLeast } from '../../../src/lab/images/go.ts'
import { legoVersion } from '../../../src/lab/images/traefik.ts'

let folder: string
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'proofbook-test-')) })
afterEach(() => { rmSync(folder, { recursive: true }) })

test.each(['host-image.sh', 'net-image.sh', 'node-image.sh', 'proofbook-init.sh', 'proofbook-sweep.sh', 'runc-capfit.sh'])('%s parses', (name) => {
  execFileSync('sh', ['-n', assetPath(name)])
})

test('the host script gets its lists as words', () => {
  expect(hostScript('2.6')).toMatch(/^PACKAGES='systemd [a-z0-9 .-]+'\nOFFERED='haproxy socat [a-z0-9 .-]+'\nLATER=''\n#!\/bin\/sh\n/)
  expect(hostScript('3.2')).toContain("\nLATER='forky'\n")
})

describe('what is left out of a program', () => {
  const list = (names: readonly string[]): string => ['package plugin', '', 'import (', ...names.map(name => `\t_ "github.com/coredns/coredns/plugin/${name}"`), ')', ''].join('\n')

  test('CoreDNS has every other plugin of upstream', () => {
    const program = programOf(list(['errors', ...LEFT_OUT, 'kubernetes', 'azureous']))
    expect([...program.matchAll(/"(.*)"/g)].map(([, path]) => path!.replace('github.com/coredns/coredns/', ''))).toEqual(['plugin/errors', 'plugin/kubernetes', 'plugin/azureous', 'coremain'])
  })

  test('a plugin that is not there any more is told', () => {
    expect(() => programOf(list(['errors', ...LEFT_OUT.slice(1)]))).toThrow(/its list has 3 of the plugins azure, .*zplugin\.go/)
  })

  test('lego is of the version that Traefik asks for', () => {
    expect(legoVersion('module x\n\nrequire (\n\tgithub.com/go-acme/lego/v4 v4.33.0\n\tgithub.com/go-acme/lego/v5 v5.0.0 // indirect\n)\n')).toBe('v4.33.0')
    expect(() => legoVersion('module x\n')).toThrow('does not name github.com/go-acme/lego/v4')
  })
})

/** Names of the capabilities that this process may give away. */
const CAPABILITIES = /names="([^"]*)"/.exec(asset('runc-capfit.sh'))![1]!.split(/\s+/)

describe('runc-capfit', () => {
  const spec = {
    process: {
      args: ['sh', '-c', 'echo "CAP_SYS_RESOURCE"'],
      capabilities: { bounding: CAPABILITIES.map((name) => `CAP_${name}`), effective: ['CAP_CHOWN', 'CAP_SYS_RESOURCE'], inheritable: ['CAP_SYS_RESOURCE'] },
      rlimits: [{ type: 'RLIMIT_NOFILE', hard: 1_000_000, soft: 1_000_000 }],
      oomScoreAdj: -999,
    },
    linux: { resources: {} },
  }

  /** Runs it with a runc that only tells its arguments, where `drop` is missing from the bounding set. */
  function fit(args: string[], file: string, content: object, drop: readonly string[]): { said: string, spec: typeof spec } {
    const runc = join(folder, 'runc')
    writeFileSync(runc, '#!/bin/sh\necho "$@"\n', { mode: 0o755 })
    const wrapper = join(folder, 'capfit')
    writeFileSync(wrapper, asset('runc-capfit.sh').replace('@RUNC@', runc), { mode: 0o755 })
    writeFileSync(join(folder, file), JSON.stringify(content))
    const setpriv = drop.length === 0 ? [] : ['setpriv', '--bounding-set', drop.map((name) => `-${name.toLowerCase()}`).join(',')]
    const [program, ...rest] = [...setpriv, wrapper, ...args]
    const said = execFileSync(program!, rest, { cwd: folder }).toString().trim()
    return { said, spec: JSON.parse(readFileSync(join(folder, file), 'utf8')) as typeof spec }
  }

  const own = BigInt(`0x${/^CapBnd:\s*(\w+)/m.exec(readFileSync('/proc/self/status', 'utf8'))![1]}`)
  const missing = CAPABILITIES.filter((_, bit) => (own >> BigInt(bit) & 1n) === 0n)
  const mayDrop = process.getuid?.() === 0 && spawnSync('setpriv', ['--version']).status === 0

  test('takes out what this machine lacks, nothing else', () => {
    const { said, spec: after } = fit(['--root', '/r', 'create', '--bundle', folder, 'id'], 'config.json', spec, [])
    expect(said).toBe(`--root /r create --bundle ${folder} id`)
    expect(after.process.capabilities.bounding).toEqual(CAPABILITIES.filter((name) => !missing.includes(name)).map((name) => `CAP_${name}`))
    expect(after.process.args).toEqual(spec.process.args)
    if (missing.length === 0) expect(after).toEqual(spec)
  })

  test.runIf(mayDrop)('without SYS_RESOURCE, also what only it permits', () => {
    const { spec: after } = fit(['run', `--bundle=${folder}`, 'id'], 'config.json', spec, ['SYS_RESOURCE', 'BPF'])
    const { bounding, effective, inheritable } = after.process.capabilities
    expect([...bounding, ...effective].filter((name) => /SYS_RESOURCE|CAP_BPF/.test(name))).toEqual([])
    expect([effective, inheritable]).toEqual([['CAP_CHOWN'], []])
    expect(after.process).toMatchObject({ oomScoreAdj: 0, args: spec.process.args })
    expect(after.process).not.toHaveProperty('rlimits')
    expect(after.linux).toEqual(spec.linux)
  })

  test.runIf(mayDrop)('exec has its process in a file of its own; other commands are left alone', () => {
    const { spec: after } = fit(['exec', '--process', join(folder, 'p.json'), 'id'], 'p.json', spec.process, ['SYS_RESOURCE'])
    expect(after).not.toHaveProperty('rlimits')
    expect(fit(['state', 'id'], 'config.json', spec, ['SYS_RESOURCE']).spec).toEqual(spec)
  })
})

describe('kind\'s files', () => {
  test('each change is made, with what it depends on kept', () => {
    expect(edited('etc/default/kubelet', 'KUBELET_EXTRA_ARGS=--runtime-cgroups=/system.slice/containerd.service'))
      .toBe('KUBELET_EXTRA_ARGS=--runtime-cgroups=/system.slice/containerd.service --fail-cgroupv1=false')
    const config = edited('etc/containerd/config.toml', [
      '    SystemdCgroup = true', '  sandbox_image = "registry.k8s.io/pause:3.10"', '  restrict_oom_score_adj = false', '    SystemdCgroup = true', '',
    ].join('\n'))
    expect(config.match(/^ {4}SystemdCgroup = true\n {4}BinaryName = "\/usr\/local\/sbin\/runc-capfit"$/gm)).toHaveLength(2)
    expect(config).toContain('restrict_oom_score_adj = true')
    expect(edited('etc/crictl.yaml', 'as it was')).toBe('as it was')
  })

  test('a change that no longer finds its place stops the build', () => {
    expect(() => edited('etc/default/kubelet', 'KUBELET_EXTRA_ARGS=')).toThrow('etc/default/kubelet has no --runtime-cgroups')
  })
})

test('replacements by folders of the same repository become versions', () => {
  const upstream = 'replace (\n\tk8s.io/api => ./staging/src/k8s.io/api\n\tk8s.io/cri-api => ./staging/src/k8s.io/cri-api\n\texample.com/x => example.com/y v1.0.0\n)\n'
  expect(stagingReplacements(upstream, 'v0.36.4')).toEqual(['replace k8s.io/api => k8s.io/api v0.36.4', 'replace k8s.io/cri-api => k8s.io/cri-api v0.36.4'])
})

test.each([
  ['1.26.0', true], ['1.26', true], ['1.26.8', true], ['1.27', true], ['2', true], ['1.25.12', false], ['1.9', false], ['1', false],
])('Go %s is at least 1.26.0: %s', (version, expected) => {
  expect(atLeast(version, '1.26.0')).toBe(expected)
})
