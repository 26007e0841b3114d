/** A reader's own machines: real sshd, real ssh, and every refusal beside what it refuses. */
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { openHosts } from '../../src/target/hosts.ts'
import type { UsedBlock } from '../../src/target/hosts/used.ts'
import type { Host, Target } from '../../src/target/target.ts'
import { book, fence } from './cli-book.ts'
import { root } from './proofbook.ts'
import { PASSWORD, startSshHosts, type SshHosts } from './ssh-hosts.ts'

const run = promisify(execFile)
let ssh: SshHosts
let web: string

beforeAll(async () => {
  ssh = await startSshHosts()
  web = ssh.address.web
}, 120_000)
afterAll(() => ssh?.stop())

const LIMIT = { timeout: 30_000 }

const block = (on: string, text = 'true\n'): UsedBlock => ({ kind: 'step', on, text, action: { type: 'bash' } })

type More = Partial<Parameters<typeof openHosts>[1]> & { readonly config?: 'stranger_config' }

async function hostOf(line: string, { config, ...more }: More = {}): Promise<Host> {
  const name = line.split(':')[0]!
  return (await openHosts(ssh.inventory([line], [], config), { blocks: [block(name)], ...more })).hosts[0]!
}

/** What the reader is told when the host cannot be used. */
const refusal = (line: string, more: More = {}): Promise<string> =>
  hostOf(line, more).then(() => 'it was let in', (error: Error) => `${error.name}: ${error.message}`)

describe('login', () => {
  test('with a key; the session is the host\'s own', async () => {
    const host = await hostOf(`web: { ssh: root@${web} }`)
    expect(await host.bash('echo "$HOSTNAME $USER ${SSH_CONNECTION##* }"\nexit 255\n', LIMIT)).toMatchObject({ exit: 255, stdout: 'web root 22\n' })
  })

  test('with the key that the inventory names', async () => {
    expect(await (await hostOf(`web: { ssh: root@${web}, identity: key }`, { config: 'stranger_config' })).bash('exit 9\n', LIMIT)).toMatchObject({ exit: 9 })
  })

  test('with another key: told which methods it takes', async () => {
    expect(await refusal(`web: { ssh: root@${web} }`, { config: 'stranger_config' }))
      .toMatch(/^HostsNotReady: web \(ssh root@.*does not let root in with your keys \(it takes: publickey,password\).*ssh-copy-id -F /)
  })

  test('as a user who is not there', async () => {
    expect(await refusal(`web: { ssh: nobody-here@${web} }`)).toMatch(/does not let nobody-here in with your keys/)
  })

  test('with a key file that is not there', async () => {
    expect(await refusal(`web: { ssh: root@${web}, identity: no-key }`, { config: 'stranger_config' })).toMatch(/the private key .*\/no-key cannot be read \(No such file or directory\)/)
  })

  test('through a jump host, and no other way', async () => {
    const host = await hostOf(`inner: { ssh: root@${ssh.address.inner}, jump: runner@${ssh.address.bastion} }`)
    expect(await host.bash('echo "$HOSTNAME ${SSH_CONNECTION%% *}"\n', LIMIT)).toMatchObject({ stdout: 'inner 192.168.0.46\n' })
    expect(await refusal(`inner: { ssh: root@${ssh.address.inner}, jump: nobody-here@${ssh.address.bastion} }`))
      .toMatch(new RegExp(`inner \\(ssh root@192.168.0.47 through nobody-here@.*nobody-here@${ssh.address.bastion} does not let`))
  })
})

describe('sudo', () => {
  const admin = (): string => `web: { ssh: admin@${web}, sudo: password }`
  const env = process.env
  afterEach(() => { for (const name of Object.keys(env)) if (name.startsWith('PROOFBOOK_SUDO_PASSWORD')) delete env[name] })

  test('with the right password: root, and the password is nowhere', async () => {
    env.PROOFBOOK_SUDO_PASSWORD_WEB = PASSWORD
    const host = await hostOf(admin())
    expect(env.PROOFBOOK_SUDO_PASSWORD_WEB).toBeUndefined()
    const seen = await host.bash('id -u\necho "$USER $SUDO_USER"\nenv; tr "\\0" "\\n" < /proc/$PPID/environ; cat /proc/[0-9]*/cmdline | tr "\\0" " "\n', LIMIT)
    expect(seen.output.split('\n').slice(0, 2)).toEqual(['0', 'root admin'])
    expect(seen.output).not.toContain('horse')
    const { stdout: here } = await run('ps', ['-eo', 'args'])
    expect(here).toContain(`admin@${web}`)
    expect(here).not.toContain('horse')
  })

  test('one variable for all hosts', async () => {
    env.PROOFBOOK_SUDO_PASSWORD = PASSWORD
    expect(await (await hostOf(admin())).bash('id -u\n', LIMIT)).toMatchObject({ stdout: '0\n', stderr: '' })
  })

  test('asked for where there is somebody to ask', async () => {
    const asked: string[] = []
    const host = await hostOf(admin(), { ask: async (text) => { asked.push(text); return PASSWORD } })
    expect(await host.bash('id -u\n', LIMIT)).toMatchObject({ stdout: '0\n' })
    expect(asked).toEqual([`Password for sudo of admin@${web} (web): `])
  })

  test('with a wrong one: tried once and no more', async () => {
    const failures = (): Promise<string> => ssh.on('web', 'journalctl --quiet --no-pager _COMM=sudo | grep -c "authentication failure" || true')
    const before = Number(await failures())
    env.PROOFBOOK_SUDO_PASSWORD = 'wrong horse'
    const told = await refusal(admin())
    expect(told).toMatch(/^HostsNotReady: web .*sudo does not take the password/)
    expect(told).not.toContain('horse')
    expect(Number(await failures()) - before).toBe(1)
  })

  test('with none', async () => {
    expect(await refusal(admin())).toMatch(/sudo asks for a password and nobody gave one; set PROOFBOOK_SUDO_PASSWORD_WEB or/)
  })

  test('without a password, where sudo asks for none', async () => {
    expect(await (await hostOf(`web: { ssh: runner@${web}, sudo: true }`)).bash('id -u\n', LIMIT)).toMatchObject({ stdout: '0\n' })
    expect(await refusal(`web: { ssh: admin@${web}, sudo: true }`)).toMatch(/sudo on web asks for a password, and the inventory says sudo: true; write sudo: password/)
  })

  test('a password that sudo does not ask for reaches no script', async () => {
    env.PROOFBOOK_SUDO_PASSWORD = PASSWORD
    const host = await hostOf(`web: { ssh: runner@${web}, sudo: password }`)
    expect(await host.bash('id -u; cat\n', LIMIT)).toMatchObject({ output: '0\n', exit: 0 })
  })
})

describe('host keys', () => {
  let kept: string
  beforeAll(() => { kept = readFileSync(ssh.knownHosts, 'utf8') })
  afterEach(() => writeFileSync(ssh.knownHosts, kept))

  const fingerprint = async (file: string): Promise<string> => (await run('ssh-keygen', ['-lf', file])).stdout.split(' ')[1]!
  const ofWeb = async (): Promise<string> => (await ssh.on('web', 'ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub')).split(' ')[1]!

  test('one that changed is refused, with both fingerprints and the place of the old one', async () => {
    const [type, blob] = readFileSync(`${ssh.otherKey}.pub`, 'utf8').split(' ')
    writeFileSync(ssh.knownHosts, `# a line before it\n${web} ${type} ${blob}\n`)
    const told = await refusal(`web: { ssh: root@${web} }`)
    expect(told).toMatch(/the host key of .* has changed/)
    expect(told).toContain(`Received ED25519 ${await ofWeb()}, expected ${await fingerprint(`${ssh.otherKey}.pub`)} (${ssh.knownHosts}:2)`)
    expect(told).toContain(`ssh-keygen -f ${ssh.knownHosts} -R ${web}`)
  })

  test('one that is not known is refused, with its fingerprint; nothing is written', async () => {
    writeFileSync(ssh.knownHosts, '')
    const told = await refusal(`web: { ssh: root@${web} }`)
    expect(told).toMatch(new RegExp(`the host key of ${web} is not known. Received ED25519 SHA256:`))
    expect(told).toContain(await ofWeb())
    expect(told).toMatch(/say yes: ssh -F .* root@/)
    expect(readFileSync(ssh.knownHosts, 'utf8')).toBe('')
  })

  test('the jump host\'s is held to the same', async () => {
    writeFileSync(ssh.knownHosts, kept.split('\n').filter(line => !line.startsWith(`${ssh.address.bastion} `)).join('\n'))
    expect(await refusal(`inner: { ssh: root@${ssh.address.inner}, jump: root@${ssh.address.bastion} }`))
      .toContain(`the host key of ${ssh.address.bastion} is not known`)
  })

  test('a config that would take any key changes nothing', async () => {
    writeFileSync(ssh.knownHosts, '')
    writeFileSync(`${ssh.folder}/ssh_config`, `StrictHostKeyChecking no\n${readFileSync(`${ssh.folder}/ssh_config`, 'utf8')}`)
    expect(await refusal(`web: { ssh: root@${web} }`)).toContain('is not known')
  })
})

describe('no answer', () => {
  test('a port on which nobody listens', async () => {
    expect(await refusal(`web: { ssh: root@${web}, port: 2222 }`)).toMatch(/^HostsNotReady: web \(ssh root@.*:2222\): the connection was refused/)
  })

  test('a name that nobody knows', async () => {
    expect(await refusal('web: { ssh: no-such-host.invalid }')).toMatch(/nobody knows the name no-such-host\.invalid/)
  })

  test('every host is looked at before anything runs', async () => {
    const { folder, cli } = book({ 'a/page': fence('bash step=one on=lb rollback="none: a test"', 'touch /root/ran')
      + fence('bash step=two on=s1 rollback="none: a test"', 'true') })
    const inventory = ssh.inventory([`lb: { ssh: root@${web} }`, `s1: { ssh: nobody-here@${web} }`])
    const go = (): ReturnType<typeof cli> => cli(['run', 'a/page', '--inventory', inventory, '--yes'], { XDG_STATE_HOME: folder })
    expect(await go()).toMatchObject({ exit: 3, stdout: '', stderr: expect.stringContaining('s1 (ssh nobody-here@') })
    expect(await ssh.on('web', 'ls /root')).toBe('')
    writeFileSync(inventory, readFileSync(inventory, 'utf8').replace('nobody-here', 'runner'))
    expect(await go()).toMatchObject({ exit: 0 })
    expect(await ssh.on('web', 'ls /root')).toBe('ran\n')
  })

  test('a host that goes away in mid-step, and one that is off', async () => {
    const host = await hostOf(`bastion: { ssh: root@${ssh.address.bastion} }`)
    const begun = Promise.withResolvers<void>()
    const running = host.bash('echo begun\nsleep 60\n', { ...LIMIT, onOutput: () => begun.resolve() })
    await begun.promise
    await run('docker', ['kill', ssh.container('bastion')])
    expect(await running).toMatchObject({ exit: 255, stdout: 'begun\n', transportError: expect.stringMatching(/^bastion .*the connection was lost .*look before you go on/) })
    expect(await refusal(`bastion: { ssh: root@${ssh.address.bastion} }`)).toMatch(/there is no way to it|no answer in 10 s/)
  }, 90_000)
})

describe('Proofbook killed in mid-step', () => {
  const STEP = 'echo $$ > /tmp/killed-step; sleep 311 & timeout 300 sleep 311 & setsid sleep 311 & echo begun; wait'
  /** What runs on the host of steps: their shells, this one's children, and drivers with their watches. */
  const running = async (): Promise<string[]> =>
    (await ssh.on('web', `ps -eo pid,args | grep -E 'sleep 31[1]|/dev/fd/[3]|pb_driver' | grep -v 'grep -E' | cut -c1-60 || true`)).split('\n').filter(Boolean)
  /** What runs here to reach it. */
  const reaching = async (): Promise<string[]> =>
    (await run('ps', ['-eo', 'pid,args'])).stdout.split('\n').filter(line => line.includes(`root@${web} env`) || line.includes(`${ssh.container('web')} env`))
  /** Other tests have sessions too. */
  let before: readonly string[]
  beforeEach(async () => { before = [...await running(), ...await reaching()] })
  const left = async (): Promise<string> => (await running()).filter(line => !before.includes(line)).join('\n')
  const leftHere = async (): Promise<string> => (await reaching()).filter(line => !before.includes(line)).join('\n')

  test('over ssh: the host ends the step, and nothing of it stays there nor here', async () => {
    const { folder, start, cli } = book({ 'a/page': fence('bash step=long on=lb rollback="none: a test"', STEP) })
    const inventory = ssh.inventory([`lb: { ssh: root@${web} }`])
    const env = { XDG_STATE_HOME: folder }
    const killed = start(['run', 'a/page', '--inventory', inventory, '--yes'], env)
    await killed.printed('begun')
    expect(await left(), 'nothing runs there: this test proves nothing').toContain('sleep 311')
    killed.process.kill('SIGKILL')
    await killed.ended
    await vi.waitUntil(async () => await left() === '', { timeout: 20_000, interval: 200 })
    await vi.waitUntil(async () => await leftHere() === '', { timeout: 5_000 })
    expect(await cli(['run', '--resume', 'last', '--yes'], env)).toMatchObject({
      exit: 3, stderr: expect.stringContaining('step long on lb was in flight when the run ended: unknown whether it was done'),
    })
  })

  test('over docker exec, as a lab has it: the same', async () => {
    const dist = (file: string): string => JSON.stringify(join(root, 'dist/target/transport', file))
    const script = `const { remoteHost } = await import(${dist('host.js')}); const { dockerTransport } = await import(${dist('docker.js')})
      await remoteHost(dockerTransport('${ssh.container('web')}'), { name: 'web', roles: [] })
        .bash(${JSON.stringify(`${STEP}\n`)}, { timeout: 60_000, onOutput: text => process.stdout.write(text) })`
    const child = spawn(process.execPath, ['--input-type=module', '--eval', script], { stdio: ['ignore', 'pipe', 'inherit'] })
    await once(child.stdout, 'data')
    expect(await left(), 'nothing runs there: this test proves nothing').toContain('sleep 311')
    child.kill('SIGKILL')
    await vi.waitUntil(async () => await left() === '', { timeout: 20_000, interval: 200 })
    await vi.waitUntil(async () => await leftHere() === '', { timeout: 5_000 })
  })
})

describe('the cluster', () => {
  const PAGE = [block('workstation', 'kubectl get nodes\n')]
  const open = (top: readonly string[], blocks = PAGE): Promise<Target> =>
    openHosts(ssh.inventory([`web: { ssh: root@${web}, roles: [workstation] }`], top), { blocks })

  beforeAll(() => ssh.on('web', `mkdir -p /root/.kube; export KUBECONFIG=/root/.kube/config
for name in home work; do
  kubectl config set-cluster $name --server https://127.0.0.1:1 >/dev/null
  kubectl config set-context $name --cluster $name >/dev/null
done
kubectl config use-context work`))

  test('must be named where a page works on it', async () => {
    await expect(open([])).rejects.toThrow(/received no context, .* one of \/root\/\.kube\/config on web: home or work/)
    await expect(open([], [block('workstation', 'uptime\n')])).resolves.toMatchObject({ name: 'hosts' })
  })

  test('must exist', async () => {
    await expect(open(['context: hoem'])).rejects.toThrow(/received context "hoem", expected one of .*home or work\. Did you mean "home"\?/)
  })

  test('is the only one that the page can reach, whatever is current; the kubeconfig stays as it is', async () => {
    const sum = (): Promise<string> => ssh.on('web', 'sha256sum /root/.kube/config')
    const before = await sum()
    const target = await open(['context: home'])
    expect(target.summary).toMatch(/^context "home" \(https:\/\/127\.0\.0\.1:1, cluster not known, since it does not answer: .*\), hosts web \(root@/)
    const [host] = target.hosts
    const current = 'kubectl config current-context\n'
    expect((await host!.bash(current, LIMIT)).stdout).toBe('home\n')
    await ssh.on('web', 'KUBECONFIG=/root/.kube/config kubectl config use-context home >/dev/null; KUBECONFIG=/root/.kube/config kubectl config use-context work')
    expect((await host!.bash(current, LIMIT)).stdout).toBe('home\n')
    expect(await sum()).toBe(before)
    await host!.bash('kubectl config set-cluster home --server https://127.0.0.1:2\n', LIMIT)
    expect(await ssh.on('web', 'KUBECONFIG=/root/.kube/config kubectl config view --output "jsonpath={.clusters[?(@.name==\'home\')].cluster.server}"')).toBe('https://127.0.0.1:2')
  })

  test('needs kubectl', async () => {
    await expect(openHosts(ssh.inventory([`workstation: { ssh: runner@${web} }`], ['context: home']), { blocks: PAGE }))
      .rejects.toThrow(/received context "home", expected a context of .* on workstation, which has none/)
  })
})
