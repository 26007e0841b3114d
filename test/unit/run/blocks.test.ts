import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { fence, prove, statusOf } from './prove.ts'

const WORD = 'variables:\n  word: { type: name, default: hello, label: W }\n'
const none = 'rollback="none: a test"'

describe('bytes', () => {
  test('bash receives the text with its values, and nothing else', async () => {
    // From then on bash prints what it reads.
    const { verify } = await prove(fence('bash check=bytes', 'set -v\n# {{word}} {{.Go}} $(no) `no`\n: last'), { variables: WORD })
    const [block] = (await verify()).blocks
    expect(block?.sent).toBe('set -v\n# hello {{.Go}} $(no) `no`\n: last\n')
    expect(`set -v\n${block?.transcript}`).toBe(block?.sent)
  })

  test('a file is written as it stands, with its mode, and values in its path too', async () => {
    const written: unknown[] = []
    const write = async (...args: unknown[]): Promise<object> => {
      written.push(args.slice(0, 2), (args[2] as { mode: string }).mode)
      return { exit: 0, stdout: '', stderr: '', output: '', durationMs: 1, timedOut: false }
    }
    const { verify } = await prove(fence(`ini file=/etc/x on=lb mode=0640 step=write ${none}`, 'a={{word}}\n$b `c`'),
      { variables: WORD, target: { hosts: [{ name: 'lb', roles: [], write } as never] } })
    expect((await verify()).verdict).toBe('verified')
    expect(written).toEqual([['/etc/x', 'a=hello\n$b `c`\n'], '0640'])
  })

  test('a command in a block cannot eat the rest of it', async () => {
    const { verify } = await prove(fence('bash check=greedy', 'cat\necho still here') + fence('text output', 'still here'))
    expect((await verify()).verdict).toBe('verified')
  })
})

describe('exit codes', () => {
  test.each([
    ['exit=28', 'exit 28', 'verified'],
    ['exit=28', 'true', 'failed'],
    ['exit=28', 'exit 27', 'failed'],
    ['expect=fail', 'exit 3', 'verified'],
    ['expect=fail', 'true', 'failed'],
    ['', 'false; true', 'failed'],
    ['', 'false | true', 'failed'],
    ['', 'true', 'verified'],
  ])('%s: %s is %s', async (head, text, verdict) => {
    const { verify } = await prove(fence(`bash check=x ${head}`, text))
    expect((await verify()).verdict).toBe(verdict)
  })
})

describe('output', () => {
  test('both streams count, as on a terminal', async () => {
    const { verify } = await prove(fence('bash check=x exit=6', 'echo curl: no >&2; exit 6') + fence('text output', 'curl: no'))
    expect((await verify()).verdict).toBe('verified')
  })

  test('another output fails with a diff, with values in the expectation', async () => {
    const { verify } = await prove(fence('bash check=x', 'echo hello; echo 5 m') + fence('text output', '{{word}}\n{{int}} s'), { variables: WORD })
    const { failure } = await verify()
    expect(failure?.received).toBe('\n  hello\n- {{int}} s\n+ 5 m')
    expect(failure?.expected).toBe('hello\n{{int}} s')
    expect(failure?.message).toContain('other output')
  })
})

describe('polling', () => {
  test('tries until it holds and counts the tries', async () => {
    const { verify } = await prove(fence('bash check=x eventually=20s', 'echo x >> tries; test $(wc -l < tries) -ge 3') + fence('bash cleanup=tries', 'rm tries'))
    const result = await verify()
    expect(result.verdict).toBe('verified')
    expect(result.retries).toBe(0)
    expect(result.blocks[0]?.attempts).toBe(3)
  })

  test('stable=3 asks for three in a row: a failure between starts again', async () => {
    const { verify } = await prove(fence('bash check=x eventually=20s stable=3', 'echo x >> tries; test $(wc -l < tries) -ne 2') + fence('bash cleanup=tries', 'rm tries'))
    expect((await verify()).blocks[0]?.attempts).toBe(5)
  })

  test('gives up when the time is over, and tells the last try', async () => {
    const { verify } = await prove(fence('bash check=x eventually=1s', 'echo no; exit 4'))
    const started = performance.now()
    const { failure } = await verify()
    expect(performance.now() - started).toBeLessThan(4_000)
    expect(failure?.message).toMatch(/^exit 4, after [2-9] tries$/)
    expect(failure?.tail).toBe('no')
  })

  test('success that comes too rarely for stable is told as such', async () => {
    const { verify } = await prove(fence('bash check=x eventually=1s stable=50', 'true'))
    expect((await verify()).failure?.message).toContain('not long enough in a row')
  })

  test('a try that hangs does not outlast eventually', async () => {
    const { verify } = await prove(fence('bash check=x eventually=1s', 'sleep 60'))
    const started = performance.now()
    expect((await verify()).failure?.message).toContain('did not end in time')
    expect(performance.now() - started).toBeLessThan(5_000)
  })
})

describe('background', () => {
  const slow = fence('bash drill=slow background', 'until test -e go; do sleep 0.05; done; echo end >> log; rm go')
  const rest = fence('bash cleanup=log', 'rm -f log go')

  test('goes on beside the others until a block needs it', async () => {
    const { verify, events } = await prove(slow + fence('bash drill=meanwhile', 'echo begin >> log; touch go')
      + fence('bash check=order needs=slow', 'cat log') + fence('text output', 'begin\nend') + rest)
    expect((await verify()).verdict).toBe('verified')
    expect(events.flatMap(event => event.event === 'end' && event.block.phase === 'steps' ? [event.block.name] : [])).toEqual(['meanwhile', 'slow', 'order'])
  })

  test('is waited for at the end when nothing needs it', async () => {
    const { verify, events } = await prove(slow + fence('bash drill=meanwhile', 'touch go') + rest)
    expect((await verify()).verdict).toBe('verified')
    const ends = events.flatMap(event => event.event === 'end' ? [event.block.name] : [])
    expect(ends.indexOf('slow')).toBeLessThan(ends.indexOf('log'))
  })

  test('its failure fails the run, where it is needed', async () => {
    const { verify, cwd } = await prove(fence('bash drill=load background', 'exit 9')
      + fence('bash check=x needs=load', 'echo ran > ran'))
    const result = await verify()
    expect(result.failure).toMatchObject({ name: 'load', received: 'exit 9' })
    expect(existsSync(join(cwd, 'ran'))).toBe(false)
  })

  test('its failure fails the run, also when nothing needs it', async () => {
    const result = await (await prove(fence('bash drill=load background', 'exit 9') + fence('bash check=x', 'true'))).verify()
    expect(result.failure?.name).toBe('load')
  })

  test('is ended when another block fails', async () => {
    const { verify } = await prove(fence('bash drill=endless background', 'sleep 600') + fence(`bash step=bad ${none}`, 'exit 1'))
    const started = performance.now()
    const result = await verify()
    expect(performance.now() - started).toBeLessThan(4_000)
    expect(result.failure?.name).toBe('bad')
    expect(statusOf(result, 'endless')).toEqual(['steps not-run workstation'])
  })
})

describe('hosts and conditions', () => {
  test('a role means each of its hosts in turn', async () => {
    const { verify } = await prove(fence(`bash step=all on=servers ${none}`, 'true'))
    expect(statusOf(await verify(), 'all')).toEqual(['steps ok s1', 'steps ok s2', 'steps ok s3'])
  })

  test('the first host that fails stops the others', async () => {
    const { verify } = await prove(fence(`bash step=all on=servers ${none}`, 'echo x >> count; test $(wc -l < count) -ne 2'))
    const result = await verify()
    expect(statusOf(result, 'all')).toEqual(['steps ok s1', 'steps failed s2'])
    expect(result.failure?.host).toBe('s2')
  })

  test('if= runs a block only where the fact holds', async () => {
    const result = await (await prove(fence('bash check=here if=distro:kubeadm', 'true') + fence('bash check=there if=distro:k3s', 'false'))).verify()
    expect(statusOf(result, 'here')).toEqual(['steps ok workstation'])
    expect(result.blocks.find(({ name }) => name === 'there')).toMatchObject({ status: 'skipped', reason: 'only where distro is k3s, here it is kubeadm' })
  })

  test('a host that the target does not have is refused before anything runs', async () => {
    const { verify, events } = await prove(fence('bash check=first', 'true') + fence('bash check=x on=lb', 'true'), { target: { hosts: [] } })
    await expect(verify()).rejects.toThrow('received on=workstation, expected a host or role of kind')
    expect(events).toEqual([])
  })

  test('a skip block is told with its reason and never runs', async () => {
    const result = await (await prove(fence('bash skip="not here"', 'exit 1') + fence('bash check=x', 'true'))).verify()
    expect(result.verdict).toBe('verified')
    expect(result.blocks.find(({ kind }) => kind === 'skip')).toMatchObject({ status: 'not-run', reason: 'not here' })
  })
})

test('a time limit ends the block and says so', async () => {
  const { verify } = await prove(fence('bash check=x timeout=1s', 'echo begun; sleep 60'))
  const { failure } = await verify()
  expect(failure).toMatchObject({ message: 'did not end in time', expected: 'an end within 1.0 s (timeout=)', tail: 'begun' })
})
