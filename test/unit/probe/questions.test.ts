import { execFile } from 'node:child_process'
import { createServer, type Server } from 'node:net'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { argumentsFor, parseAnswers, SCRIPT, type Answer, type Question } from '../../../src/probe/questions.ts'

const sh = promisify(execFile)
const ask = async (questions: readonly Question[], within = 0): Promise<Answer[]> => {
  const { stdout } = await sh('sh', ['-c', SCRIPT, 'probe', ...argumentsFor(questions, within)])
  return parseAnswers(stdout, questions.length)
}

const hasNc = await sh('sh', ['-c', 'nc -h 2>&1 | grep -q OpenBSD']).then(() => true, () => false)

describe.runIf(hasNc)('asked of this machine', () => {
  let server: Server
  let port: number
  beforeAll(async () => {
    server = createServer(socket => socket.end('server-1')).listen(0, '127.0.0.1')
    await new Promise(resolve => server.once('listening', resolve))
    port = (server.address() as { port: number }).port
  })
  afterAll(() => void server.close())

  test('each question has its own answer, in their order', async () => {
    const answers = await ask([
      ['tcp', '127.0.0.1', port, 'server-1'], ['tcp', '127.0.0.1', port, 'server-2'], ['tcp', '127.0.0.1', 1, 'server-1'],
      ['closed', '127.0.0.1', port, 'server-1'], ['closed', '127.0.0.1', 1, 'server-1'],
    ])
    expect(answers.map(({ ok }) => ok)).toEqual([true, false, false, false, true])
    expect(answers[1]?.detail).toBe('connected, then received: server-1')
    expect(answers[2]?.detail).toBe('Connection refused')
    expect(answers[3]?.detail).toBe('open')
    expect(answers[4]?.detail).toBe('Connection refused')
  })

  test('goes on until it is so, and no longer than it may', async () => {
    const late = createServer(socket => socket.end('late'))
    const { port: free } = await new Promise<{ port: number }>((resolve) => {
      const probe = createServer().listen(0, '127.0.0.1', () => {
        const address = probe.address() as { port: number }
        probe.close(() => resolve(address))
      })
    })
    setTimeout(() => late.listen(free, '127.0.0.1'), 600)
    const [answer] = await ask([['tcp', '127.0.0.1', free, 'late']], 10_000)
    late.close()
    expect(answer?.ok).toBe(true)
    expect(answer?.tries).toBeGreaterThan(1)
    const started = performance.now()
    const [never] = await ask([['tcp', '127.0.0.1', 1, 'late']], 1_000)
    expect(never?.ok).toBe(false)
    expect(performance.now() - started).toBeLessThan(4_000)
  })
})

test('the script is one for any POSIX sh', async () => {
  await sh('sh', ['-nc', SCRIPT])
  expect(SCRIPT).not.toMatch(/\[\[|<<<|\blocal\b|\$'/)
})

describe('answers', () => {
  test('0 is yes, 3 could not be asked, all else is no', () => {
    expect(parseAnswers('1\t3\t0\t1\tno ping\n0\t0\t20\t2\t1450 bytes\n2\t1\t2000\t5\tno answer in 2 s\n', 3)).toEqual([
      { ok: true, ms: 20, tries: 2, detail: '1450 bytes' },
      { ok: null, ms: 0, tries: 1, detail: 'no ping' },
      { ok: false, ms: 2000, tries: 5, detail: 'no answer in 2 s' },
    ])
  })

  test('a question without an answer is no', () => {
    expect(parseAnswers('', 1)).toEqual([{ ok: false, ms: 0, tries: 0, detail: 'gave no answer' }])
  })
})
