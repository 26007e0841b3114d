import fc from 'fast-check'
import { expect, test } from 'vitest'
import { shownLine, StepOutput } from '../../../src/cli/step-output.ts'

function shown(chunks: readonly string[]): string[] {
  const lines: string[] = []
  const output = new StepOutput(line => lines.push(line))
  for (const chunk of chunks) output.push(chunk)
  output.end()
  return lines
}

test('lines come whole, however they are cut, the last one also without its end', () => {
  expect(shown(['a', 'b\nc', '\n', '', 'd'])).toEqual(['ab', 'c', 'd'])
})

test('of a flood the beginning and the end are shown, and how much is not', () => {
  const lines = shown([Array.from({ length: 100_000 }, (_, i) => `line ${i}\n`).join('')])
  expect(lines).toHaveLength(221)
  expect(lines.slice(199, 202)).toEqual(['line 199', '[… 99780 lines left out, the transcript has them …]', 'line 99980'])
  expect(lines.at(-1)).toBe('line 99999')
  expect(shown(['x\n'.repeat(220)])).toHaveLength(220)
})

test('a line that never ends is cut', () => {
  const [line = ''] = shown(Array.from({ length: 10_000 }, () => 'x'.repeat(10_000)))
  expect(line).toBe(`${'x'.repeat(2_000)} […]`)
})

test('colours stay, what moves the cursor or names the window does not', () => {
  expect(shownLine('\u001B[1;31mred\u001B[0m')).toBe('\u001B[1;31mred\u001B[0m')
  expect(shownLine('a\u001B[2Jb\u001B]0;title\u0007c\u001B[10;5Hd\u001BPq..\u001B\\e')).toBe('abcde')
  expect(shownLine('10 %\r50 %\r100 %\r')).toBe('100 %')
  expect(shownLine('\u0000\u0007\u009B')).toBe('\uFFFD\uFFFD\uFFFD')
})

test('whatever a program prints, no control character but colour reaches the terminal', () => {
  fc.assert(fc.property(fc.array(fc.string({ unit: fc.oneof(fc.constantFrom('\u001B', '[', ']', '2', 'J', '\r', '\u0007', '\u0000', 'm'), fc.string({ minLength: 1, maxLength: 1 })) })), chunks => {
    for (const line of shown(chunks)) {
      // oxlint-disable-next-line no-control-regex
      expect(line.replaceAll(/\u001B\[[0-9;]*m/g, '')).not.toMatch(/[\u0000-\u0008\u000A-\u001F\u007F-\u009F]/)
    }
  }), { numRuns: 2_000 })
})
