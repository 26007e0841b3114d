import { Writable } from 'node:stream'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createProgress } from '../../../src/cli/progress.ts'

/** A stream that keeps what is written, as a terminal or not. */
function stream(isTTY: boolean): { stream: NodeJS.WriteStream, text: () => string } {
  const chunks: string[] = []
  const out = new Writable({ write(chunk, _, done) { chunks.push(String(chunk)); done() } }) as unknown as NodeJS.WriteStream
  return { stream: Object.assign(out, { isTTY, columns: 60, getColorDepth: () => 1 }), text: () => chunks.join('') }
}

beforeEach(() => { vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] }) })
afterEach(() => { vi.useRealTimers() })

describe('off a terminal', () => {
  test('one plain line when a stage ends, with its seconds, and no control character', async () => {
    const { stream: out, text } = stream(false)
    const value = await createProgress(out).stage('build', async update => {
      update('half')
      vi.advanceTimersByTime(12_300)
      return 7
    })
    expect(value).toBe(7)
    expect(text()).toBe('build … 12 s\n')
  })

  test('a sign of life every 30 s, with what goes on', async () => {
    const { stream: out, text } = stream(false)
    await createProgress(out).stage('build', async update => {
      update('etcd')
      vi.advanceTimersByTime(29_000)
      expect(text()).toBe('')
      vi.advanceTimersByTime(36_000)
    })
    expect(text().split('\n')).toEqual(['build … 30 s so far: etcd', 'build … 1 min so far: etcd', 'build … 1 min 5 s', ''])
  })

  test('a failure is told and thrown', async () => {
    const { stream: out, text } = stream(false)
    await expect(createProgress(out).stage('build', () => Promise.reject(new Error('no')))).rejects.toThrow('no')
    expect(text()).toBe('build … failed after 0.0 s\n')
  })

  test('a note is its line', () => {
    const { stream: out, text } = stream(false)
    createProgress(out).note('cgroup v1: adapted')
    expect(text()).toBe('cgroup v1: adapted\n')
  })
})

test('on a terminal the live line is drawn over, and cut to its width', async () => {
  const { stream: out, text } = stream(true)
  const screen = createProgress(out)
  await screen.stage('build', async update => {
    update('x'.repeat(200))
    vi.advanceTimersByTime(1_000)
    screen.note('told meanwhile')
  })
  const drawn = text().split('\r\u001B[2K')
  expect(drawn.length).toBeGreaterThan(5)
  expect(Math.max(...drawn.map(line => line.trimEnd().length))).toBeLessThan(60)
  expect(text()).toContain('\u001B[2Ktold meanwhile\n')
  expect(text().endsWith('build … 1.0 s\n')).toBe(true)
})
