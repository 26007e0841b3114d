/**
 * One small lab, made from an environment that invites mistakes: nothing of it listens or is heard outside, nothing of
 * the reader's is written, and what looks into it works.
 */
import { execFile, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { start, type Ended } from './proofbook.ts'
import { countLeaving, onMachine, refusedBy } from './wall.ts'

const run = promisify(execFile)
const LAB = 'closed'
const BRIDGE = `pb-${LAB}`

/** Nobody has it (RFC 5737): what a slip of the finger may make of an address. */
const MISTYPED = '198.51.100.7'
const CLUSTER_IP = '10.96.0.1'

let home: string
let env: NodeJS.ProcessEnv
let listening: string[]
let untouched: string[]

const lab = (...args: string[]): Promise<Ended> => start(['lab', ...args, '--lab', LAB], { cwd: home, env }).ended
const shell = (host: string, ...command: string[]): Promise<Ended> =>
  start(['lab', 'shell', host, '--lab', LAB, '--', ...command], { cwd: home, env }).ended
const docker = async (...args: string[]): Promise<string> => (await run('docker', args)).stdout.trim()

/** Every TCP port that is listened on beyond loopback, by the machine itself. */
async function openPorts(): Promise<string[]> {
  const { stdout } = await run('ss', ['-Hltn'])
  return stdout.split('\n').map(line => line.split(/\s+/)[3] ?? '').filter(address => address !== '' && !/^(127\.|\[::1\])/.test(address)).sort()
}

const readers = (): string[] => [join(home, '.kube/config'), join(home, 'own-kubeconfig')]
const state = (file: string): string => `${createHash('sha256').update(readFileSync(file)).digest('hex')} ${statSync(file).mtimeMs}`

const knock = (address: string, port: number): Promise<Ended> =>
  shell('s1', 'timeout', '2', 'bash', '-c', `exec 3<>/dev/tcp/${address}/${port}`)

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'proofbook-closed-'))
  mkdirSync(join(home, '.kube'))
  symlinkSync(join(homedir(), '.docker'), join(home, '.docker'))
  for (const file of readers()) writeFileSync(file, 'the reader\'s own: {}\n')
  env = {
    HOME: home, KUBECONFIG: join(home, 'own-kubeconfig'),
    XDG_CACHE_HOME: process.env.XDG_CACHE_HOME || join(homedir(), '.cache'),
    // Nobody listens there: whatever used it would fail.
    HTTP_PROXY: 'http://127.0.0.1:9', HTTPS_PROXY: 'http://127.0.0.1:9', ALL_PROXY: 'http://127.0.0.1:9', NO_PROXY: 'example.org',
  }
  listening = await openPorts()
  untouched = readers().map(state)
  const { exit, stdout } = await lab('up', '--yes', '--topology', 'cluster', '--servers', '1', '--agents', '1', '--json')
  expect(exit).toBe(0)
  expect(JSON.parse(stdout)).toMatchObject({ created: true, lab: { egress: 'closed', problems: [] } })
})

afterAll(async () => {
  expect((await lab('down')).exit).toBe(0)
  expect(readers().map(state), 'a kubeconfig of the reader was written').toEqual(untouched)
  rmSync(home, { recursive: true })
})

describe('from outside', () => {
  test('nothing listens beyond loopback', async () => {
    expect(await openPorts()).toEqual(listening)
    const names = (await docker('ps', '--filter', `name=proofbook-${LAB}-`, '--format', '{{.Names}}')).split('\n')
    expect(names.length).toBeGreaterThan(3)
    const published = await Promise.all(names.map(name => docker('port', name)))
    expect(published.join('\n').trim().split('\n').filter(line => line !== '')).toEqual([expect.stringMatching(/^6443\/tcp -> 127\.0\.0\.1:\d+$/)])
  })

  test('no kubeconfig of the reader is written, and none of kubectl\'s notes', async () => {
    expect(readers().map(state)).toEqual(untouched)
    expect(readFileSync(join(home, '.proofbook/labs', LAB, 'kubeconfig'), 'utf8')).toContain('https://127.0.0.1:')
    expect((await run('ls', [join(home, '.kube')])).stdout).toBe('config\n')
  })

  test('no proxy of the machine reaches a host, a node or what they run', async () => {
    for (const host of ['client', 's1']) {
      const { stdout } = await shell(host, 'sh', '-c', 'env; cat /proc/1/environ | tr "\\0" "\\n"; cat /etc/systemd/system.conf.d/* 2>/dev/null; true')
      expect(stdout).toContain('PATH=')
      expect(stdout.split('\n').filter(line => /proxy.*[=:].+/i.test(line) && /127\.0\.0\.1:9|example\.org/.test(line))).toEqual([])
    }
    expect((await shell('client', 'kubectl', 'get', '--raw', '/readyz')).stdout).toBe('ok')
  })
})

describe('from inside', () => {
  test('a mistyped address: refused by the lab\'s wall, and no packet leaves', async () => {
    await using leaving = await countLeaving(MISTYPED, BRIDGE)
    const before = await refusedBy(LAB)
    expect((await knock(MISTYPED, 443)).exit).not.toBe(0)
    expect(await refusedBy(LAB)).toBeGreaterThan(before)
    expect(await leaving.packets()).toBe(0)
  })

  test('a ClusterIP when kube-proxy and its rules are gone: the same', async () => {
    expect((await knock(CLUSTER_IP, 443)).exit, 'the API has no ClusterIP here: this test proves nothing').toBe(0)
    const kubeProxy = ['--namespace', 'kube-system', 'delete', 'daemonset', 'kube-proxy']
    expect((await shell('client', 'kubectl', ...kubeProxy, '--wait', '--cascade=foreground')).exit).toBe(0)
    await shell('s1', 'sh', '-c', 'iptables-save | grep -v KUBE-SERVICES | iptables-restore; conntrack --flush 2>/dev/null')
    await using leaving = await countLeaving(CLUSTER_IP, BRIDGE)
    const before = await refusedBy(LAB)
    expect((await knock(CLUSTER_IP, 443)).exit).not.toBe(0)
    expect(await refusedBy(LAB)).toBeGreaterThan(before)
    expect(await leaving.packets()).toBe(0)
  })

  test('without the wall the same packet leaves, so that it is the wall that stops it', async () => {
    const rule = ['DOCKER-USER', '-i', BRIDGE, '!', '-o', BRIDGE, '-m', 'comment', '--comment', `proofbook.lab=${LAB}`, '-j', 'REJECT', '--reject-with', 'icmp-net-unreachable']
    await using leaving = await countLeaving(MISTYPED, BRIDGE)
    await onMachine('iptables', '--wait', '-D', ...rule)
    try {
      await knock(MISTYPED, 443)
      expect(await leaving.packets()).toBeGreaterThan(0)
      expect((await lab('status')).stdout).toContain('the firewall rule that closes the lab is gone')
    } finally {
      await onMachine('iptables', '--wait', '-I', ...rule)
    }
  })
})

describe('lab list', () => {
  test('tells state, age, size and folder', async () => {
    const { stdout } = await start(['lab', 'list'], { cwd: home, env }).ended
    expect(stdout).toMatch(new RegExp(`^${LAB} +up +\\d+[sm] +kind +\\w+ +1 server, 1 agent, 1 machine +${home}/\\.proofbook/labs/${LAB}$`, 'm'))
  })
})

describe('lab shell', () => {
  test('passes on input, both outputs and the exit code', async () => {
    expect(await shell('client', 'sh', '-c', 'hostname; echo gone wrong >&2; exit 42')).toMatchObject({ exit: 42, stdout: 'client\n', stderr: 'gone wrong\n' })
    const piped = spawn(process.execPath, [join(import.meta.dirname, '../../dist/cli/main.js'), 'lab', 'shell', 's1', '--lab', LAB], { cwd: home, env: { ...process.env, ...env } })
    piped.stdin.end('echo "$PWD $0"; exit 7\n')
    const stdout = piped.stdout.setEncoding('utf8').toArray()
    expect(await new Promise(resolve => piped.once('exit', resolve))).toBe(7)
    expect((await stdout).join('')).toBe('/root bash\n')
  })

  test('on a terminal the shell has one', async () => {
    const command = `'${process.execPath}' '${join(import.meta.dirname, '../../dist/cli/main.js')}' lab shell client --lab ${LAB} -- sh -c 'tty; exit 3'`
    const { stdout, code } = await run('script', ['--quiet', '--return', '--command', command, '/dev/null'], { cwd: home, env: { ...process.env, ...env } })
      .then(({ stdout }) => ({ stdout, code: 0 }), (error: { stdout: string, code: number }) => error)
    expect(stdout).toMatch(/\/dev\/(pts\/\d+|console)/)
    expect(code).toBe(3)
  })

  test('a host that is off, one that is not there, and no lab: what to do', async () => {
    await lab('power', 'cut', 'a1')
    expect(await shell('a1', 'true')).toMatchObject({ exit: 3, stderr: expect.stringContaining(`a1 is off; switch it on: proofbook lab power on a1 --lab ${LAB}`) })
    expect((await start(['lab', 'list'], { cwd: home, env }).ended).stdout).toMatch(new RegExp(`^${LAB} +partly off `, 'm'))
    await lab('power', 'on', 'a1')
    expect(await shell('b1', 'true')).toMatchObject({ exit: 3, stderr: expect.stringContaining('expected one of:') })
    expect(await start(['lab', 'shell', 's1', '--lab', 'nobody'], { cwd: home, env }).ended).toMatchObject({ exit: 3, stderr: expect.stringContaining('no lab "nobody" is up') })
  })
})

describe('lab logs', () => {
  test('a node\'s kubelet, a machine\'s journal, a pod\'s log; with names where there are several', async () => {
    expect((await lab('logs', 's1')).stdout).toMatch(/kubelet\[\d+\]: .*\n/)
    const both = (await lab('logs', 'client', 's1')).stdout
    expect(both).toMatch(/^client \| .*sshd/m)
    expect(both).toMatch(/^s1 \| .*containerd/m)
    // Pods of a node that has just come back begin a new log, and kubectl may choose one that has not written yet.
    await expect.poll(async () => (await lab('logs', 'deployment/coredns', '-n', 'kube-system')).stdout, { timeout: 60_000 }).toContain('CoreDNS-')
    expect(await lab('logs', 's1', '--since', 'yesterday')).toMatchObject({ exit: 2, stderr: expect.stringContaining('expected a number and s, m or h') })
  })

  test('--since leaves out what is older', async () => {
    await shell('client', 'sh', '-c', 'logger -t marker now')
    const { stdout } = await lab('logs', 'client', '--since', '20s')
    expect(stdout).toContain('marker')
    expect(stdout).not.toContain('Reached target')
  })

  test('--follow shows what comes, and leaves nothing running when it is stopped', async () => {
    const following = start(['lab', 'logs', 'client', '--lab', LAB, '--follow'], { cwd: home, env })
    await expect.poll(async () => (await shell('client', 'pgrep', '-f', 'journalctl.*--follow')).exit, { timeout: 20_000 }).toBe(0)
    let seen = ''
    following.process.stdout?.on('data', (chunk: string) => { seen += chunk })
    await expect.poll(async () => {
      await shell('client', 'logger', '-t', 'marker', 'followed')
      return seen
    }, { timeout: 20_000 }).toContain('followed')
    following.process.kill('SIGKILL')
    await following.ended
    await expect.poll(async () => (await shell('client', 'pgrep', '-f', 'journalctl.*--follow')).exit, { timeout: 20_000 }).toBe(1)
  })

  test('--export writes one file with all of it, and no key', async () => {
    const { exit, stdout } = await lab('logs', '--export', join(home, 'out'))
    expect(exit).toBe(0)
    expect(stdout.trim()).toBe(join(home, `out/proofbook-${LAB}-logs.tar.gz`))
    const files = (await run('tar', ['-tzf', stdout.trim()])).stdout.split('\n')
    for (const file of ['s1/kubelet.log', 's1/containerd.log', 's1/inspect.json', 's1/network.txt', 'a1/journal.log', 'client/journal.log', 'cluster/nodes.txt', 'lab.json', 'missing.txt']) {
      expect(files).toContain(`proofbook-${LAB}-logs/${file}`)
    }
    expect(files.filter(file => /\/s1\/pods\/kube-system_etcd-.*\.log$/.test(file)).length).toBeGreaterThan(0)
    const all = (await run('tar', ['-xzOf', stdout.trim()], { maxBuffer: 1e9 })).stdout
    expect(all).not.toContain('PRIVATE KEY')
    expect(all).not.toContain('client-key-data')
  })
})
