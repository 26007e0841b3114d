import { execFile } from 'node:child_process'
import { createServer, type Server } from 'node:net'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { argumentsFor, parseAnswers, SCRIPT, type Answer, type Question } from '../../../src/policy/script.ts'

const sh = promisify(execFile)
const ask = async (questions: readonly Question[]): Promise<Answer[]> =>
  parseAnswers((await sh('sh', ['-c', SCRIPT, 'probe', ...argumentsFor(questions, 1)])).stdout, questions.length)
const tcp = (to: string, port: number, says: string): Question => ({ to, port, protocol: 'TCP', says })

const hasNc = await sh('sh', ['-c', 'nc -h 2>&1 | grep -q OpenBSD']).then(() => true, () => false)

describe.runIf(hasNc)('asked of this machine', () => {
  let server: Server
  let port: number
  beforeAll(async () => {
    server = createServer(socket => socket.end('api')).listen(0, '127.0.0.1')
    await new Promise(resolve => server.once('listening', resolve))
    port = (server.address() as { port: number }).port
  })
  afterAll(() => void server.close())

  test('each question has its own answer, in their order', async () => {
    const answers = await ask([tcp('127.0.0.1', port, 'api'), tcp('127.0.0.1', port, 'other'), tcp('127.0.0.1', 1, 'api'), ...Array.from({ length: 60 }, () => tcp('127.0.0.1', port, 'api'))])
    expect(answers.map(({ outcome }) => outcome)).toEqual(['allow', 'error', 'refused', ...Array.from({ length: 60 }, () => 'allow')])
  })

  test('of a server that says something else, or nothing, it counts that it took the connection', async () => {
    expect((await ask([tcp('127.0.0.1', port, ''), tcp('127.0.0.1', 1, '')])).map(({ outcome }) => outcome)).toEqual(['allow', 'refused'])
  })
})

test.runIf(!hasNc)('a probe that is not there is an error, never a flow that nobody has to measure', async () => {
  expect((await ask([tcp('127.0.0.1', 1, 'api')]))[0]?.outcome).toBe('error')
})

test('a program that is not there makes no UDP flow one that is allowed', async () => {
  const [answer] = await ask([{ to: '127.0.0.1', port: 1, protocol: 'UDP', says: 'api' }])
  expect(['error', 'refused']).toContain(answer?.outcome)
})

test('the script is one for any POSIX sh', async () => {
  await sh('sh', ['-nc', SCRIPT])
  expect(SCRIPT).not.toMatch(/\[\[|<<<|\blocal\b|\$'/)
})

test('a line that is missing is an error with its reason', () => {
  expect(parseAnswers('1\tdrop\t1000\ttimed out\nnoise\n', 2)).toEqual([
    { outcome: 'error', ms: 0, detail: 'gave no answer' }, { outcome: 'drop', ms: 1000, detail: 'timed out' },
  ])
})
