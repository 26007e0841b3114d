/** Sessions against what steps do to them, on this machine: the same drivers as on every host. */
import { createHash, randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, describe, expect, onTestFinished, test } from 'vitest'
import { MarkedStream, type Mark } from '../../../src/target/session/marked.ts'
import { Session } from '../../../src/target/session/session.ts'
import { remoteHost, type RemoteHost } from '../../../src/target/transport/host.ts'
import type { Transport } from '../../../src/target/transport/transport.ts'

const folder = mkdtempSync(join(tmpdir(), 'proofbook-session-'))
afterAll(() => rmSync(folder, { recursive: true }))

const here: Transport = {
  place: 'here',
  reach: argv => argv,
  env: { PATH: process.env.PATH!, SHLVL: '1', LANG: 'C.UTF-8', TMPDIR: folder },
  cleanEnv: true,
  explain: ({ exit, stderr, connected }) => `lost: ${exit} ${connected} ${stderr.trim()}`,
}

/** A PATH with all that this machine has but Perl: such a host gets the driver in bash. */
const withoutPerl = join(folder, 'without-perl')
mkdirSync(withoutPerl)
for (const place of process.env.PATH!.split(':').filter(existsSync)) {
  for (const name of readdirSync(place)) {
    if (name.startsWith('perl') || existsSync(join(withoutPerl, name))) continue
    symlinkSync(join(place, name), join(withoutPerl, name))
  }
}
const inBash: Transport = { ...here, env: { ...here.env, PATH: withoutPerl } }

const DRIVERS = [['Perl', here], ['bash', inBash]] as const

/** The name of the program that starts the steps. */
const PARENT = 'cat /proc/$PPID/comm\n'

function open(more: Partial<Transport> = {}): RemoteHost {
  const host = remoteHost({ ...here, ...more }, { name: 'here', roles: [] })
  onTestFinished(() => host.close())
  return host
}

const LIMIT = { timeout: 20_000 }

const alive = (pid: string): boolean => {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid.trim()}/status`, 'utf8'))
  } catch {
    return false
  }
}

/** Until it holds; fails with the last value when it does not within 5 s. */
async function until<T>(ask: () => T, holds: (value: T) => boolean): Promise<void> {
  for (const end = performance.now() + 5_000; performance.now() < end && !holds(ask()); await wait(20));
  expect(ask()).toSatisfy(holds)
}

describe.each(DRIVERS.flatMap(([driver, transport]) => [
  [driver, 'as each step comes', transport, false],
  [driver, 'ahead of each step', transport, true],
] as const))('driver in %s, a step\'s bash started %s', (driver, _, transport, ahead) => {
  const host = remoteHost({ ...transport, ahead }, { name: 'here', roles: [] })
  afterAll(() => host.close())
  const bash = (script: string, more: object = {}) => host.bash(script, { ...LIMIT, ...more })

  test('this driver it is', async () => {
    expect((await bash(PARENT)).stdout).toBe(`${driver.toLowerCase()}\n`)
  })

  test('a step has nothing of another: variables, folder, umask, options, functions, traps', async () => {
    await bash('A=1; export B=2; cd /; umask 077; set +e; shopt -s extglob; f() { :; }; trap "echo trap" EXIT; ulimit -n 64\n')
    const { stdout } = await bash('echo "$A-$B-$(umask)-$-"; pwd; declare -F; trap; shopt extglob; ulimit -n\n').catch(String) as { stdout: string }
    expect(stdout.split('\n').slice(0, 3)).toEqual([expect.stringMatching(/^--0022-e/), process.cwd(), expect.stringMatching(/extglob\s+off/)])
    expect(stdout).not.toContain('64')
  })

  test('a step has its own process group and descriptors 0 to 3, no terminal and no input', async () => {
    const { stdout } = await bash('[ "$(ps -o pgid= -p $$ | tr -d " ")" = $$ ] && echo leader\nfor fd in {0..9}; do [ ! -e /proc/self/fd/$fd ] || echo $fd; done\ntty || true\nwc -c\n')
    expect(stdout.split('\n')).toEqual(['leader', '0', '1', '2', '3', 'not a tty', '0', ''])
  })

  test('250 steps in a row, each with its own output and code', async () => {
    for (let i = 0; i < 250; i++) {
      const outcome = await bash(`echo out ${i}; echo err ${i} >&2; exit ${i % 200}\n`)
      expect(outcome).toMatchObject({ exit: i % 200, stdout: `out ${i}\n`, stderr: `err ${i}\n` })
      expect(outcome.transportError).toBeUndefined()
    }
  }, 60_000)

  test('scripts of every size and kind, byte for byte', async () => {
    for (const size of [0, 1, 4095, 4096, 4097, 70_000, 1_000_000]) {
      const script = `set -v\n# ${'é'.repeat(size / 2)}${size % 2 ? 'x' : ''}\n`
      expect((await bash(script)).stderr === script.slice('set -v\n'.length), `${size}`).toBe(true)
    }
    expect((await bash('printf "%s" "no line end \x01\x7f\\\\"')).stdout).toBe('no line end \x01\x7f\\')
    expect((await bash('exit 3\n')).exit).toBe(3)
    expect((await bash('')).exit).toBe(0)
  })

  test('what looks like a marker passes unchanged', async () => {
    expect((await bash(String.raw`printf '\036x 1 0 0\n\0\n\036'`)).stdout).toBe('\x1ex 1 0 0\n\0\n\x1e')
  })

  test('a step that ends when the watch looks whether anybody still wants it: neither it nor the session is ended', async () => {
    const hosts = Array.from({ length: 12 }, () => remoteHost({ ...transport, ahead }, { name: 'here', roles: [] }))
    await Promise.all(hosts.map(async (one, i) => {
      for (let step = 0; step < 5; step++) {
        const outcome = await one.bash(`sleep 0.${485 + i + 3 * step}; echo ${step}\n`, LIMIT)
        expect(outcome).toMatchObject({ exit: 0, output: `${step}\n`, timedOut: false })
        expect(outcome.transportError).toBeUndefined()
      }
      one.close()
    }))
  })

  test('a daemon that holds the outputs: neither waited for nor heard in later steps', async () => {
    const daemon = await bash('setsid bash -c "while :; do echo daemon; echo daemon >&2; sleep 0.05; done" &\necho $!\n')
    // The daemon may have begun before its number is told.
    expect(daemon).toMatchObject({ exit: 0, stdout: expect.stringMatching(/^\d+$/m) })
    expect(daemon.durationMs).toBeLessThan(3_000)
    for (let i = 0; i < 5; i++) expect(await bash(`sleep 0.1; echo ${i}\n`)).toMatchObject({ output: `${i}\n`, exit: 0 })
  })

  test('what ends shortly after its shell is heard to the end', async () => {
    expect((await bash('(sleep 0.1; echo late) &\necho first\n')).stdout).toBe('first\nlate\n')
    expect((await bash('exec > >(sleep 0.1; cat)\necho through\n')).stdout).toBe('through\n')
  })

  test('a step that sets its outputs non-blocking, or closes them, does not harm the next', async () => {
    await bash('python3 -c "import os; [os.set_blocking(fd, False) for fd in (1, 2)]" 2>/dev/null || true; exec 1>&- 2>&-\n')
    expect((await bash('head -c 3000000 /dev/zero | tr "\\0" x\n')).stdout).toHaveLength(3_000_000)
  })

  test('a step that stops itself is ended when its time is up', async () => {
    const outcome = await bash('kill -STOP $$\n', { timeout: 500 })
    expect(outcome).toMatchObject({ exit: 124, timedOut: true })
  })

  test('a step that kills what runs it is lost, and the next runs', async () => {
    const outcome = await bash('echo so far; sleep 0.2; kill -KILL $PPID; sleep 30\n')
    expect(outcome).toMatchObject({ exit: 255, stdout: 'so far\n', timedOut: false, transportError: expect.stringMatching(/^lost: null true/) })
    expect(await bash('echo again\n')).toMatchObject({ exit: 0, stdout: 'again\n' })
  })

  test('a step that sends SIGTERM to every bash loses itself only', async () => {
    const outcome = await bash('kill -TERM $PPID $$\n')
    expect(outcome).toMatchObject({ exit: 143, timedOut: false })
    expect(outcome.transportError).toBeUndefined()
  })

  test('steps at once: none waits for another', async () => {
    const started = performance.now()
    const outcomes = await Promise.all([1, 2, 3].map(i => bash(`sleep 1; echo ${i}\n`)))
    expect(outcomes.map(({ stdout }) => stdout)).toEqual(['1\n', '2\n', '3\n'])
    expect(performance.now() - started).toBeLessThan(2_900)
  })

  test('environment of a step only: as long as it stays the same, and when it changes', async () => {
    for (const A of ['1', '1', 'two words \'$x', '1', undefined, undefined, '1']) {
      expect((await bash('echo "${A-none}"\n', A === undefined ? {} : { env: { A } })).stdout).toBe(`${A ?? 'none'}\n`)
    }
  })

  test('environment of any length, quoted or not', async () => {
    for (const A of ['x'.repeat(100_000), '\'"é\n$x '.repeat(9_000), '']) {
      const { stdout } = await bash('printf %s "$A" | sha256sum\n', { env: { A } })
      expect(stdout.slice(0, 64)).toBe(createHash('sha256').update(A).digest('hex'))
    }
  })

  test('no output is lost when each step has another environment', async () => {
    const said: string[] = []
    for (let i = 0; i < 400; i++) said.push((await bash('echo "$A"\n', { env: { A: String(i) } })).stdout)
    expect(said).toEqual(Array.from({ length: 400 }, (_, i) => `${i}\n`))
  })

  test('a step that is silent for a while keeps its outputs, whichever of many it is', async () => {
    for (let i = 1; i <= 97; i++) await bash('true\n')
    for (let i = 1; i <= 8; i++) {
      expect(await bash(`echo before; sleep 0.6; echo after ${i}; echo error >&2\n`)).toMatchObject({ exit: 0, stdout: `before\nafter ${i}\n`, stderr: 'error\n' })
    }
  })

  test('an abort, and the session goes on', async () => {
    const abort = new AbortController()
    const outcome = await bash('echo $$; sleep 60\n', { signal: abort.signal, onOutput: () => abort.abort() })
    expect(outcome.exit).toBe(130)
    expect(alive(outcome.stdout)).toBe(false)
    expect((await bash('echo on\n')).stdout).toBe('on\n')
  })
})

test.each(DRIVERS)('driver in %s: 100 MB of output: the ends are kept, memory stays small', async (_, transport) => {
  let seen = 0
  const before = process.memoryUsage().rss
  let most = before
  const outcome = await open(transport).bash('echo begin; head -c 100000000 /dev/zero | tr "\\0" 0; echo end\n', {
    timeout: 60_000,
    onOutput: (chunk) => { seen += chunk.length; most = Math.max(most, process.memoryUsage().rss) },
  })
  expect(outcome.exit).toBe(0)
  expect(seen).toBe(100_000_000 + 'begin\nend\n'.length)
  expect(outcome.stdout).toMatch(/^begin\n0+\n.*characters left out\]\n0+end\n$/)
  expect(outcome.stdout.length).toBeLessThan(6_000_000)
  expect((most - before) / 1e6).toBeLessThan(100)
}, 60_000)

test.each(DRIVERS)('driver in %s: a megabyte of random bytes on each output, byte for byte', async (_, transport) => {
  const file = join(folder, 'random')
  const bytes = randomBytes(1_000_000)
  writeFileSync(file, bytes)
  const session = new Session(transport)
  onTestFinished(() => session.close())
  const [out, err]: [Buffer[], Buffer[]] = [[], []]
  await session.run({ timeout: 20_000, bytes: Buffer.from(`cat ${file}; cat ${file} >&2`) }, { out: chunk => out.push(Buffer.from(chunk)), err: chunk => err.push(Buffer.from(chunk)) })
  expect(Buffer.concat(out).equals(bytes)).toBe(true)
  expect(Buffer.concat(err).equals(bytes)).toBe(true)
})

describe('the host', () => {
  /** Where the output goes, the driver, and what it has started. */
  const WHERE = 'children=$(cat /proc/$PPID/task/$PPID/children); echo "$(readlink /proc/$$/fd/1)" $PPID $children\n'

  test.each(DRIVERS)('keeps nothing of a session that was closed, killed, or killed by its step: driver in %s', async (driver, transport) => {
    /** Of one line that the step prints. */
    const made = (line: string): { folder: string, pids: string[] } => {
      const [output = '', ...pids] = line.trim().split(' ')
      return { folder: dirname(output), pids }
    }
    const isGone = async (line: string): Promise<void> => {
      const { folder, pids } = made(line)
      // The driver, what watches it, and the step.
      expect(pids.length).toBeGreaterThanOrEqual(3)
      if (driver === 'bash') expect(folder).toMatch(/^\/dev\/shm\/proofbook\./)
      await until(() => [folder].filter(path => path !== '.' && existsSync(path)), there => there.length === 0)
      await until(() => pids.filter(alive), there => there.length === 0)
    }
    const host = remoteHost(transport, { name: 'here', roles: [] })
    const closed = (await host.bash(WHERE, LIMIT)).stdout
    expect(made(closed).pids.filter(alive).length).toBeGreaterThanOrEqual(2)
    host.close()
    await isGone(closed)

    await isGone((await open(transport).bash(`${WHERE}sleep 0.2; kill -KILL $PPID; sleep 60\n`, LIMIT)).stdout)

    const session = new Session(transport)
    await session.opened
    let said = ''
    const running = session.run({ timeout: 60_000, bytes: Buffer.from(`${WHERE}sleep 60\n`) },
      { out: (bytes) => { said += String(bytes) }, err: () => undefined }).catch(String)
    await until(() => said, text => text.endsWith('\n'))
    session.kill()
    expect(await running).toMatch(/^Lost: lost: null true/)
    await isGone(said)
  })

  test('with a Perl that lacks its module gets the driver in bash', async () => {
    const bin = mkdtempSync(join(folder, 'bin-'))
    writeFileSync(join(bin, 'perl'), '#!/bin/sh\nshift; code=$1; shift\nexec /usr/bin/perl -e "BEGIN { @INC = () } $code" "$@"\n', { mode: 0o755 })
    const host = open({ env: { ...here.env, PATH: `${bin}:${here.env.PATH}` } })
    expect(await host.bash(PARENT, LIMIT)).toMatchObject({ output: 'bash\n', exit: 0 })
  })

  test.each(DRIVERS)('has settings for Perl, and a locale that it has not: they are the steps\' own (driver in %s)', async (_, transport) => {
    const host = open({ env: { ...transport.env, PERL5OPT: '-Mno::such::module', PERL_UNICODE: 'SDA', LC_ALL: 'xx_XX.UTF-8' } })
    const outcome = await host.bash('echo "$PERL5OPT $PERL_UNICODE $LC_ALL ${PERL_BADLANG-none} é"\n', LIMIT)
    expect(outcome).toMatchObject({ exit: 0, stdout: '-Mno::such::module SDA xx_XX.UTF-8 none é\n' })
    expect(outcome.stderr).not.toContain('perl')
  })

  test('says what it printed before, when it does not let us in', async () => {
    const outcome = await open({ reach: () => ['sh', '-c', 'echo motd; echo "no way in" >&2; exit 9'] }).bash('true\n', LIMIT)
    expect(outcome).toMatchObject({ exit: 255, stdout: '', transportError: 'lost: 9 false no way in' })
  })

  test('may greet: a login script\'s noise is no step\'s output', async () => {
    const noisy = open({ reach: argv => ['sh', '-c', 'echo noise; echo noise >&2; exec "$@"', 'sh', ...argv] })
    expect(await noisy.bash('echo mine\n', LIMIT)).toMatchObject({ output: 'mine\n' })
  })

  test('is asked again after a pause: a connection that died meanwhile costs no step', async () => {
    const pids = join(folder, 'pids')
    const host = open({ reach: argv => ['sh', '-c', `echo $$ >> ${pids}; "$@"`, 'sh', ...argv] })
    await host.bash('true\n', LIMIT)
    await wait(2_100)
    const [pid = ''] = readFileSync(pids, 'utf8').split('\n')
    process.kill(-Number(pid), 'SIGSTOP')
    onTestFinished(() => { try { process.kill(-Number(pid), 'SIGKILL') } catch { /* gone */ } })
    expect(await host.bash('echo here\n', LIMIT)).toMatchObject({ exit: 0, stdout: 'here\n' })
    expect(readFileSync(pids, 'utf8').trim().split('\n')).toHaveLength(2)
  }, 15_000)
})

describe('a question', () => {
  const asking = (answer: string | undefined): Transport => ({
    ...here,
    reach: argv => ['bash', '-c', `for try in 1 2 3; do printf 'the word?' >&2; IFS= read -r word || exit 7; [ "$word" = right ] && exec "$@"; done; exit 8`, 'sh', ...argv],
    question: { prompt: 'the word?', answer: async () => answer },
    explain: ({ question }) => `lost: ${question}`,
  })

  test('is answered', async () => {
    expect(await open(asking('right')).bash('cat; echo in\n', LIMIT)).toMatchObject({ output: 'in\n' })
  })

  test.each([['wrong', 'wrong answer'], [undefined, 'no answer']])('answered by %j is a refusal', async (answer, told) => {
    expect(await open(asking(answer)).bash('true\n', LIMIT)).toMatchObject({ exit: 255, transportError: `lost: ${told}` })
  })
})

describe('markers', () => {
  const secret = 'a1b2'
  const text = Buffer.from(`before \x1e${secret}x \x1e after\n\x1e${secret} 7 42 1\n\x1e${secret} 8 0 0\nrest\x1ea1`, 'latin1')
  test.each([1, 2, 3, 7, 1000])('found in chunks of %i bytes', (size) => {
    let out = ''
    const marks: Mark[] = []
    const stream = new MarkedStream(secret, (bytes) => { out += bytes.toString('latin1') }, mark => marks.push(mark))
    for (let i = 0; i < text.length; i += size) stream.push(text.subarray(i, i + size))
    stream.end()
    expect(out).toBe(`before \x1e${secret}x \x1e after\nrest\x1ea1`)
    expect(marks).toEqual([{ step: 7, exit: 42, late: true }, { step: 8, exit: 0, late: false }])
  })
})
