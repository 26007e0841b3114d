/** The contract of a host, on the shortest transport there is: this machine, through the same wrapper as the others. */
import { mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { remoteHost } from '../../../src/target/transport/host.ts'
import { quote } from '../../../src/target/session/frames.ts'
import { sshTransport } from '../../../src/target/transport/ssh.ts'
import type { Transport } from '../../../src/target/transport/transport.ts'

const folder = mkdtempSync(join(tmpdir(), 'proofbook-transport-'))
afterAll(() => rmSync(folder, { recursive: true }))

const here: Transport = {
  place: 'here',
  reach: argv => argv,
  env: { PATH: process.env.PATH!, SHLVL: '1', LANG: 'C.UTF-8' },
  cleanEnv: true,
  explain: ({ exit, stderr }) => `lost: ${exit} ${stderr.trim()}`,
}
const host = remoteHost(here, { name: 'here', roles: [] })
const bash = (script: string, more: object = {}) => host.bash(script, { timeout: 20_000, ...more })

/** A killed orphan may wait for its init as a zombie: that is dead. */
function alive(pid: string): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid.trim()}/status`, 'utf8'))
  } catch {
    return false
  }
}

describe('bash', () => {
  test('both streams, apart and together, and the exit code', async () => {
    const chunks: string[] = []
    const outcome = await bash('echo out\nsleep 0.05\necho err >&2\nexit 7\n', { onOutput: (c: string) => chunks.push(c) })
    expect(outcome).toMatchObject({ exit: 7, stdout: 'out\n', stderr: 'err\n', output: 'out\nerr\n', timedOut: false })
    expect(outcome.transportError).toBeUndefined()
    expect(chunks.join('')).toBe('out\nerr\n')
  })

  test('-e and pipefail hold', async () => {
    expect((await bash('false\necho not reached\n'))).toMatchObject({ exit: 1, stdout: '' })
    expect((await bash('false | true\n')).exit).toBe(1)
  })

  test('a command cannot read the script away, and its standard input is empty', async () => {
    expect((await bash('cat\necho after\n')).stdout).toBe('after\n')
  })

  test('codes that docker exec and ssh use themselves are the script\'s own', async () => {
    for (const code of [1, 124, 125, 126, 127, 130, 137, 255]) {
      const outcome = await bash(`exit ${code}\n`)
      expect(outcome).toMatchObject({ exit: code, timedOut: false })
      expect(outcome.transportError).toBeUndefined()
    }
  })

  test('a script that kills its own shell is no transport error', async () => {
    const outcome = await bash('kill -KILL $$\n')
    expect(outcome).toMatchObject({ exit: 137, timedOut: false })
    expect(outcome.transportError).toBeUndefined()
  })

  test('a host that goes away is a transport error, whatever the code', async () => {
    // Our parent is the driver: without it nothing tells the exit code.
    const outcome = await bash('echo so far\nsleep 0.2\nkill -KILL $PPID\nsleep 5\n')
    expect(outcome.exit).toBe(255)
    expect(outcome.stdout).toBe('so far\n')
    expect(outcome.transportError).toMatch(/^lost: /)
  })

  test('a program that is not there is a transport error', async () => {
    const gone = remoteHost({ ...here, reach: argv => ['/no/such/docker', ...argv] }, { name: 'gone', roles: [] })
    const outcome = await gone.bash('echo hi\n', { timeout: 1_000 })
    expect(outcome).toMatchObject({ exit: 255, transportError: expect.stringContaining('ENOENT') })
  })

  test('a reach that ends before it has read the script is a transport error', async () => {
    const deaf = remoteHost({ ...here, reach: () => ['sh', '-c', 'exec 0<&-; echo no such container >&2; exit 1'] }, { name: 'deaf', roles: [] })
    const outcome = await deaf.bash(`# ${'x'.repeat(2_000_000)}\n`, { timeout: 5_000 })
    expect(outcome.transportError).toBe('lost: 1 no such container')
  })

  test('the time limit ends all that the script started', async () => {
    const outcome = await bash('sleep 61 &\necho $!\nsleep 62\n', { timeout: 300 })
    expect(outcome).toMatchObject({ exit: 124, timedOut: true })
    expect(alive(outcome.stdout)).toBe(false)
  })

  test.concurrent('SIGKILL ends what outlives SIGTERM', async () => {
    const outcome = await bash('trap "" TERM\nwhile :; do sleep 0.1; done\n', { timeout: 200 })
    expect(outcome).toMatchObject({ exit: 124, timedOut: true })
    expect(outcome.durationMs).toBeGreaterThan(5_000)
  }, 15_000)

  test.concurrent('the time limit ends a child that outlives its shell', async () => {
    const outcome = await bash('(trap "" TERM; echo $BASHPID; while :; do sleep 0.1; done)\n', { timeout: 300 })
    expect(outcome).toMatchObject({ exit: 124, timedOut: true })
    expect(alive(outcome.stdout)).toBe(false)
  }, 15_000)

  test('a daemon that keeps the outputs open does not keep us', async () => {
    const outcome = await bash('sleep 4 &\necho started\n')
    expect(outcome).toMatchObject({ exit: 0, stdout: 'started\n' })
    expect(outcome.durationMs).toBeLessThan(2_000)
  })

  test('an abort ends processes that left the group too', async () => {
    const abort = new AbortController()
    const running = bash('setsid sleep 63 &\necho $!\nsleep 64\n', { signal: abort.signal, onOutput: () => abort.abort() })
    const outcome = await running
    expect(outcome.exit).toBe(130)
    expect(alive(outcome.stdout)).toBe(false)
  })

  test('after an abort nothing starts', async () => {
    expect(await bash(`touch ${folder}/started\n`, { signal: AbortSignal.abort() })).toMatchObject({ exit: 130 })
    expect(() => statSync(`${folder}/started`)).toThrow('ENOENT')
  })

  test('environment: the transport\'s, the script\'s own, nothing of ours', async () => {
    process.env.PROOFBOOK_TEST_LEAK = 'leak'
    const outcome = await bash('echo "${PROOFBOOK_TEST_LEAK-none} $A"\n', { env: { A: 'a b\'c"$d' } }).finally(() => { delete process.env.PROOFBOOK_TEST_LEAK })
    expect(outcome.stdout).toBe('none a b\'c"$d\n')
  })

  test('bytes pass unchanged: 300 KB of UTF-8', async () => {
    const line = 'é漢字 \\ $x `y` "z" \'q\' {{v}}\t'
    const text = Array.from({ length: 8_000 }, (_, i) => `${i} ${line}`).join('\n')
    const outcome = await bash(`cat <<'END'\n${text}\nEND\n`)
    expect(outcome.stdout === `${text}\n`).toBe(true)
  })
})

describe('write', () => {
  const write = (path: string, bytes: string, more = {}) => host.write(path, bytes, { timeout: 5_000, ...more })

  test('makes parents and writes exactly these bytes', async () => {
    const path = join(folder, 'a b', 'c\'d', 'f')
    const bytes = 'no line end, é, \0, \r\n$x'
    expect(await write(path, bytes, { mode: '0600' })).toMatchObject({ exit: 0, output: '' })
    expect(readFileSync(path, 'utf8')).toBe(bytes)
    expect(statSync(path).mode & 0o777).toBe(0o600)
  })

  test('keeps the mode of a file and follows a link', async () => {
    const path = join(folder, 'kept')
    writeFileSync(path, 'old', { mode: 0o640 })
    symlinkSync(path, join(folder, 'link'))
    expect((await write(join(folder, 'link'), 'new')).exit).toBe(0)
    expect(readFileSync(path, 'utf8')).toBe('new')
    expect(statSync(path).mode & 0o777).toBe(0o640)
  })

  test('says what is wrong', async () => {
    const outcome = await write('/proc/nowhere/x', 'x')
    expect(outcome.exit).not.toBe(0)
    expect(outcome.stderr).toContain('/proc/nowhere')
    expect(outcome.transportError).toBeUndefined()
  })
})

describe('ssh', () => {
  test('one word stays one word for a POSIX shell', async () => {
    for (const word of ['', 'plain', 'a b', 'it\'s', '$HOME `id` "x" \\', 'a\nb', '-n']) {
      const { stdout } = await bash(`printf '[%s]' ${quote(word)}\n`)
      expect(stdout).toBe(`[${word}]`)
    }
  })

  test('a destination cannot become an option', () => {
    const argv = sshTransport({ destination: '-oProxyCommand=x' }).reach(['true'])
    expect(argv[argv.indexOf('-oProxyCommand=x') - 1]).toBe('--')
  })
})
