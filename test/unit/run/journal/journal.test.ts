import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { readJournal } from '../../../../src/run/journal/read.ts'
import { openTranscripts, readTranscript } from '../../../../src/run/journal/transcripts.ts'
import { openJournal } from '../../../../src/run/journal/write.ts'
import { fence, prove } from '../prove.ts'

function place(): string {
  const folder = mkdtempSync(join(tmpdir(), 'proofbook-journal-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return join(folder, 'journal.jsonl')
}

function write(path: string, count: number): void {
  const journal = openJournal(path)
  for (let i = 0; i < count; i++) journal.append({ event: 'undone', name: `step-${i}` })
  journal.close()
}

afterEach(() => { vi.useRealTimers() })

test('lines have a schema, numbers without a gap and both clocks; only the owner may read them', () => {
  const path = place()
  write(path, 3)
  const lines = readFileSync(path, 'utf8').trim().split('\n').map(line => JSON.parse(line) as object)
  expect(lines).toMatchObject([1, 2, 3].map(seq => ({ v: 1, seq, at: expect.stringMatching(/^\d{4}-.*Z$/), ms: expect.any(Number) })))
  expect((statSync(path).mode & 0o777).toString(8)).toBe('600')
})

test('however the last line is torn, the others are read and the next one follows', () => {
  const path = place()
  write(path, 3)
  const whole = readFileSync(path)
  const two = whole.subarray(0, whole.lastIndexOf('\n', whole.length - 2) + 1).length
  fc.assert(fc.property(fc.integer({ min: two + 1, max: whole.length - 1 }), cut => {
    writeFileSync(path, whole)
    truncateSync(path, cut)
    const torn = readJournal(path)
    expect(torn).toMatchObject({ torn: true, end: { seq: 2, bytes: two } })
    const journal = openJournal(path, torn.end)
    journal.append({ event: 'undone', name: 'after' })
    journal.close()
    expect(readJournal(path)).toMatchObject({ torn: false, lines: [{ seq: 1 }, { seq: 2 }, { seq: 3, name: 'after' }] })
  }))
})

test('a process that died leaves zeros behind its lines: neither a line nor a torn one, and the next follows the last', () => {
  const path = place()
  const journal = openJournal(path)
  onTestFinished(() => journal.close())
  for (let i = 0; i < 300; i++) journal.append({ event: 'undone', name: `step-${i}` })
  const left = readFileSync(path)
  expect(left.length % 32_768, 'it was written ahead').toBe(0)
  const read = readJournal(path)
  expect(read).toMatchObject({ torn: false, end: { seq: 300, bytes: left.indexOf(0) } })
  const next = openJournal(path, read.end)
  next.append({ event: 'undone', name: 'after' })
  next.close()
  expect(readJournal(path)).toMatchObject({ torn: false, end: { seq: 301, bytes: statSync(path).size } })
})

test('of lines that nobody waited for, a loss of power may leave a hole: what is before it counts', () => {
  const path = place()
  write(path, 3)
  const bytes = readFileSync(path)
  const two = bytes.indexOf('\n') + 1
  writeFileSync(path, Buffer.concat([bytes.subarray(0, two + 5), Buffer.alloc(10), bytes.subarray(two + 15)]))
  expect(readJournal(path)).toMatchObject({ torn: true, end: { seq: 1, bytes: two } })
})

describe('a journal that somebody changed is refused with the line', () => {
  test.each([
    ['a line taken out', (lines: string[]) => lines.toSpliced(1, 1), ':2: received event 3, expected event 2'],
    ['a line doubled', (lines: string[]) => lines.toSpliced(1, 0, lines[0]!), ':2: received event 1, expected event 2'],
    ['a line that is no JSON', (lines: string[]) => lines.with(1, 'nonsense'), ':2: received no JSON'],
    ['another schema', (lines: string[]) => lines.with(2, lines[2]!.replace('"v":1', '"v":99')), ':3: received schema 99, expected schema 1'],
  ])('%s', (_, change, message) => {
    const path = place()
    write(path, 3)
    const lines = readFileSync(path, 'utf8').trim().split('\n')
    writeFileSync(path, `${change(lines).join('\n')}\n`)
    expect(() => readJournal(path)).toThrow(message)
  })
})

test('a clock that jumps back changes neither order nor durations', async () => {
  const { walk, folder } = await prove(['one', 'two', 'three'].map(name => fence(`bash step=${name} rollback="none: test"`, 'sleep 0.05')).join('\n'))
  const start = Date.now()
  vi.useFakeTimers({ toFake: ['Date'], now: start })
  // An hour back at every event.
  let jumps = 0
  const result = await walk({ listen: () => { vi.setSystemTime(start - ++jumps * 3_600_000) } })
  vi.useRealTimers()
  const { lines } = readJournal(folder.journal)
  expect(Date.parse(lines.at(-1)!.at)).toBeLessThan(Date.parse(lines[0]!.at) - 3_600_000)
  expect(lines.map(({ seq }) => seq)).toEqual(lines.map((_, index) => index + 1))
  expect(lines.every(({ ms }, index) => ms >= (lines[index - 1]?.ms ?? 0))).toBe(true)
  for (const { durationMs } of [result, ...result.blocks]) expect(durationMs).toBeGreaterThanOrEqual(50)
  expect(result.durationMs).toBeLessThan(30_000)
})

describe('transcripts', () => {
  const open = (): { folder: string, transcripts: ReturnType<typeof openTranscripts> } => {
    const folder = join(place(), '..', 'transcripts')
    mkdirSync(folder)
    return { folder, transcripts: openTranscripts(folder) }
  }

  test('hold every byte of what was printed, apart for blocks that run at once', () => {
    const { folder, transcripts } = open()
    for (let i = 0; i < 100; i++) {
      transcripts.write('a', 'a', `a${i}\n`)
      transcripts.write('b', 'b/../c', `b${i}\n`)
    }
    expect([transcripts.end('a'), transcripts.end('b')]).toEqual(['01-a.txt', '02-b_.._c.txt'])
    expect(readFileSync(join(folder, '01-a.txt'), 'utf8')).toBe(Array.from({ length: 100 }, (_, i) => `a${i}\n`).join(''))
    expect(transcripts.end('a')).toBeUndefined()
  })

  test('a polled check keeps its last try, also one that printed nothing', () => {
    const { folder, transcripts } = open()
    transcripts.write('a', 'a', 'first')
    transcripts.again('a')
    transcripts.write('a', 'a', 'second')
    transcripts.again('a')
    expect(readFileSync(join(folder, transcripts.end('a')!), 'utf8')).toBe('second')
    transcripts.write('b', 'b', 'first')
    transcripts.again('b')
    transcripts.again('b')
    expect(readFileSync(join(folder, transcripts.end('b')!), 'utf8')).toBe('')
  })

  test('of a long one a result has the beginning and the end', () => {
    const { folder, transcripts } = open()
    transcripts.write('a', 'a', `first\n${'x'.repeat(1_000_000)}\nlast`)
    const text = readTranscript(join(folder, transcripts.end('a')!))
    expect(text).toMatch(/^first\nx+\n\[… \d+ bytes left out …\]\nx+\nlast$/)
    expect(text.length).toBeLessThanOrEqual(64 * 1024)
    const left = Number(/… (\d+) bytes/.exec(text)?.[1])
    expect(left + text.replace(/\n\[….*\]\n/, '').length).toBe(1_000_011)
  })
})
