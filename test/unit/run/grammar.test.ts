/** What fences say of each other, executed: captured values, readiness, hosts at once, pauses. */
import { existsSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { fence, prove, statusOf } from './prove.ts'

const none = 'rollback="none: a test"'

describe('capture', () => {
  test('what a block prints is a value of the blocks below, in bash and in expected output', async () => {
    const { verify } = await prove(fence('bash check=find capture=pod:name', 'echo noise >&2; echo " echo-7f "')
      + fence(`bash step=use ${none}`, 'echo {{pod}} > log') + fence('bash check=read', 'cat log') + fence('text output', '{{pod}}')
      + fence('bash cleanup=log', 'rm log'))
    const result = await verify()
    expect(result.verdict).toBe('verified')
    expect(result.blocks.find(({ name }) => name === 'find')?.captured).toEqual({ name: 'pod', value: 'echo-7f' })
    expect(result.blocks.find(({ name }) => name === 'use')?.sent).toBe('echo echo-7f > log\n')
    expect(result.values).toEqual({})
  })

  test.each([
    ['$(touch pwned)', 'name'], ['a; touch pwned', 'name'], ["x' || touch pwned; '", 'hostname'], ['10.0.0.1\\n10.0.0.2', 'ipv4'], ['', 'name'], ['-rf', 'name'],
  ])('%j is no %s: the block fails and nothing uses it', async (text, type) => {
    const { verify, cwd } = await prove(fence(`bash check=find capture=pod:${type}`, `printf -- '${text.replaceAll("'", "'\\''")}'`)
      + fence(`bash step=use ${none}`, 'echo {{pod}} > used'))
    const result = await verify()
    expect(result.failure).toMatchObject({ name: 'find', message: 'printed no value for {{pod}}' })
    expect([existsSync(join(cwd, 'pwned')), existsSync(join(cwd, 'used'))]).toEqual([false, false])
  })

  test('a polled check waits for a value', async () => {
    const { verify } = await prove(fence('bash check=find eventually=20s capture=port:port', 'echo x >> tries; test $(wc -l < tries) -lt 3 || echo 8080')
      + fence('bash check=use', 'test {{port}} = 8080') + fence('bash cleanup=tries', 'rm tries'))
    const result = await verify()
    expect(result.verdict).toBe('verified')
    expect(result.blocks[0]?.attempts).toBe(3)
  })

  test('hosts that print different values fail', async () => {
    const { verify } = await prove(fence('bash check=find on=servers capture=n:int', 'echo x >> count; wc -l < count') + fence('bash check=use', 'echo {{n}}'))
    expect((await verify()).failure).toMatchObject({ host: 's2', message: 'printed another {{n}} than the host before', received: '2', expected: '1' })
  })

  test('a value that no block printed fails the block that uses it', async () => {
    const { walk } = await prove(fence('bash check=find capture=pod:name', 'echo a') + fence(`bash step=use ${none}`, 'echo {{pod}}'))
    expect((await walk({ selection: { only: 'use' } })).failure).toMatchObject({
      name: 'use', message: '{{pod}} is not known', received: 'no value: check find has not run',
    })
  })

  test('where the block that prints it does not fit, checks that use it do not run', async () => {
    const { verify } = await prove(fence('bash check=find capture=pod:name if=distro:k3s', 'echo a') + fence('bash check=use', 'echo {{pod}}') + fence('bash check=rest', 'true'))
    const result = await verify()
    expect(result.verdict).toBe('verified')
    expect(result.blocks.find(({ name }) => name === 'use')).toMatchObject({ status: 'skipped', reason: 'needs find, which does not run here' })
  })
})

describe('ready', () => {
  const freePort = async (): Promise<number> => {
    const server = createServer().listen(0)
    const { port } = server.address() as { port: number }
    await new Promise(resolve => server.close(resolve))
    return port
  }
  const serve = (port: number, wait = 0) =>
    `exec '${process.execPath}' -e "setTimeout(() => require('http').createServer((_, r) => r.end('hi')).listen(${port}), ${wait})"`

  test('the page goes on when the port is listened to, and the block ends with the page', async () => {
    const port = await freePort()
    const { verify } = await prove(fence(`bash step=serve background ready=port:${port} ${none}`, serve(port, 700))
      + fence('bash check=served needs=serve', `exec 3<>/dev/tcp/127.0.0.1/${port}`)
      + fence('bash check=gone expect=fail if=distro:k3s', 'true'))
    const result = await verify()
    expect(result.verdict).toBe('verified')
    expect(statusOf(result, 'serve')).toEqual(['steps ok workstation'])
    const gone = await prove(fence('bash check=gone expect=fail', `exec 3<>/dev/tcp/127.0.0.1/${port}`))
    expect((await gone.verify()).verdict).toBe('verified')
  })

  test.each([
    ['file:/tmp/proofbook-test-ready', 'sleep 0.5; touch /tmp/proofbook-test-ready; sleep 600'],
    ['"output:now it serves"', 'sleep 0.5; echo "now it"" serves"; sleep 600'],
  ])('ready=%s', async (ready, text) => {
    const { verify } = await prove(fence('bash precheck=clean', 'rm -f /tmp/proofbook-test-ready; echo > log')
      + fence(`bash step=serve background ready=${ready} ${none}`, `${text}; echo late > log`)
      + fence('bash check=served', 'true') + fence('bash cleanup=log', 'rm -f log /tmp/proofbook-test-ready'))
    const started = performance.now()
    expect((await verify()).verdict).toBe('verified')
    expect(performance.now() - started).toBeGreaterThan(500)
    expect(performance.now() - started).toBeLessThan(10_000)
  })

  test('what is not ready in time fails, and is ended', async () => {
    const { verify } = await prove(fence(`bash step=serve background ready=file:/nonexistent/x timeout=1s ${none}`, 'echo begun; sleep 600')
      + fence('bash check=after', 'true'))
    const result = await verify()
    expect(result.failure).toMatchObject({ name: 'serve', message: 'was not ready in time', received: 'no file /nonexistent/x within 1.0 s (timeout=)', tail: 'begun' })
    expect(statusOf(result, 'after')).toEqual(['steps not-run workstation'])
  })

  test('what ends before it is ready fails, at once', async () => {
    const { verify } = await prove(fence(`bash step=serve background ready=file:/nonexistent/x ${none}`, 'echo begun'))
    const started = performance.now()
    expect((await verify()).failure).toMatchObject({ name: 'serve', message: 'ended before it was ready' })
    expect(performance.now() - started).toBeLessThan(5_000)
  })

  test('a failure comes before what it is not: the exit code is told', async () => {
    const { verify } = await prove(fence(`bash step=serve background ready=file:/nonexistent/x ${none}`, 'exit 3'))
    expect((await verify()).failure).toMatchObject({ name: 'serve', message: 'exit 3' })
  })

  test('a service that dies later fails the block that needs it', async () => {
    const { verify } = await prove(fence(`bash step=serve background ready="output:up" ${none}`, 'echo up; until test -e die; do sleep 0.05; done; exit 7')
      + fence('bash drill=kill', 'touch die; sleep 1') + fence('bash check=use needs=serve', 'true') + fence('bash cleanup=die', 'rm -f die'))
    const result = await verify()
    expect(result.failure).toMatchObject({ name: 'serve', received: 'exit 7' })
    expect(statusOf(result, 'use')).toEqual(['steps not-run workstation'])
  })

  test('is ended when another block fails', async () => {
    const { verify } = await prove(fence(`bash step=serve background ready="output:up" ${none}`, 'echo up; sleep 600') + fence('bash check=bad', 'false'))
    const started = performance.now()
    expect((await verify()).failure?.name).toBe('bad')
    expect(performance.now() - started).toBeLessThan(5_000)
  })
})

describe('parallel', () => {
  /** Each host waits for the other two, so that one after the other would never end. */
  const meet = 'echo x >> met; until test $(wc -l < met) -eq 3; do sleep 0.05; done'
  const rest = fence('bash cleanup=met', 'rm -f met')
  test('all hosts of a role at once, and a transcript each', async () => {
    const { verify } = await prove(fence(`bash step=all on=servers parallel timeout=20s ${none}`, `${meet}; echo $$`) + rest)
    const result = await verify()
    expect(result.verdict).toBe('verified')
    const all = result.blocks.filter(({ name }) => name === 'all')
    expect(all.map(({ host }) => host).sort()).toEqual(['s1', 's2', 's3'])
    expect(new Set(all.map(({ transcript }) => transcript.trim())).size).toBe(3)
  })
  test('without it one after the other', async () => {
    const { verify } = await prove(fence(`bash step=all on=servers timeout=1s ${none}`, meet) + rest)
    expect((await verify()).failure).toMatchObject({ host: 's1', message: 'did not end in time' })
  })
  test('one that fails fails the block, and the others end', async () => {
    const { verify } = await prove(fence(`bash step=all on=servers parallel timeout=20s ${none}`, `${meet}; mkdir only-one`) + rest)
    const result = await verify()
    expect(result.verdict).toBe('failed')
    expect(statusOf(result, 'all').sort()).toHaveLength(3)
    expect(statusOf(result, 'all').filter(line => line.includes(' ok '))).toHaveLength(1)
  })
})

test('backoff sets the pauses between tries', async () => {
  const { verify, events, cwd } = await prove(fence('bash check=x eventually=20s backoff=20ms..40ms', 'date +%s%N >> tries; test $(wc -l < tries) -ge 8'))
  expect((await verify()).blocks[0]?.attempts).toBe(8)
  const times = readFileSync(join(cwd, 'tries'), 'utf8').trim().split('\n').map(Number)
  // Seven of the runner's own pauses are 9 s; these are 0.3 s and the time of eight processes.
  expect((times.at(-1)! - times[0]!) / 1e6).toBeLessThan(4_000)
  expect(events.length).toBeGreaterThan(0)
})
