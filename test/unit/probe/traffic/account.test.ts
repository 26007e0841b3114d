/** Outages, downtime and bins from single answers. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { account, binsOf, binWidth, gapsOf, INTERVAL, joined } from '../../../../src/probe/traffic/account.ts'
import { parseRecord, type Sample } from '../../../../src/probe/traffic/record.ts'

const FROM = 1_000_000

/** Twenty a second from FROM on; `.` answered, `x` not, ` ` not asked since the prober was gone, `~` not asked in time. */
function asked(picture: string): Sample[] {
  let run = 1
  const samples: Sample[] = []
  for (const [index, mark] of [...picture].entries()) {
    const at = FROM + index * INTERVAL
    if (mark === ' ') run = at
    if (mark === '.' || mark === 'x') samples.push({ at, word: mark === '.' ? 'ok' : 'timeout', run })
  }
  return samples
}
const windowOf = (picture: string) => ({ from: FROM, to: FROM + picture.length * INTERVAL })
const down = (picture: string): number => {
  const samples = asked(picture)
  return account(samples, gapsOf(samples, windowOf(picture)), windowOf(picture)).downtimeMs
}

describe('gaps', () => {
  test.each([
    ['all answered', '.'.repeat(100), []],
    ['three seconds', `....${'x'.repeat(60)}....`, [[4, 64]]],
    ['two, apart', '..x..xx..', [[2, 3], [5, 7]]],
    ['at the beginning', 'xx...', [[0, 2]]],
    ['at the end', '...xx', [[3, 5]]],
    ['the prober was killed', `....${' '.repeat(20)}....`, [[4, 24]]],
    ['killed, and not answered at once afterwards', `....${' '.repeat(20)}xx..`, [[4, 26]]],
    ['the machine was busy, and the prober lived', `....${'~'.repeat(40)}....`, []],
    ['killed for good', `....${' '.repeat(80)}`, [[4, 84]]],
    ['never there', ' '.repeat(80), [[0, 80]]],
  ])('%s', (_, picture, expected) => {
    const gaps = gapsOf(asked(picture), windowOf(picture))
    expect(gaps.map(({ from, to }) => [(from - FROM) / INTERVAL, (to - FROM) / INTERVAL])).toEqual(expected)
  })

  test('tells what became of most questions', () => {
    const samples = ['ok', 'refused', 'timeout', 'timeout', 'ok'].map((word, index) => ({ at: FROM + index * INTERVAL, word, run: 1 }))
    expect(gapsOf(samples, { from: FROM, to: FROM + 250 })[0]!.why).toBe('timeout')
  })

  const pictures = fc.array(fc.constantFrom('.', 'x'), { minLength: 1, maxLength: 400 }).map(marks => marks.join(''))

  test('downtime is the share of failed questions, whatever their order', () => {
    fc.assert(fc.property(pictures, (picture) => {
      expect(down(picture)).toBe([...picture].filter(mark => mark === 'x').length * INTERVAL)
    }))
  })
  test('gaps are apart, in order, and within the window', () => {
    fc.assert(fc.property(pictures, (picture) => {
      const { from, to } = windowOf(picture)
      let last = -1
      for (const gap of gapsOf(asked(picture), { from, to })) {
        expect(gap.from).toBeGreaterThan(last)
        expect(gap.to).toBeGreaterThan(gap.from)
        last = gap.to
      }
      expect(last).toBeLessThanOrEqual(to)
    }))
  })
  test('the two ways together are the whole', () => {
    fc.assert(fc.property(pictures, fc.nat(400), (picture, cut) => {
      const window = windowOf(picture)
      const samples = asked(picture)
      const gaps = gapsOf(samples, window)
      const middle = Math.min(window.to, FROM + cut * INTERVAL)
      const whole = account(samples, gaps, window)
      const ways = [account(samples, gaps, { from: window.from, to: middle }), account(samples, gaps, { from: middle, to: window.to })]
      for (const key of ['sent', 'failed', 'downtimeMs'] as const) expect(ways[0]![key] + ways[1]![key]).toBe(whole[key])
    }))
  })
  test('one more lost answer is never less downtime', () => {
    fc.assert(fc.property(pictures, fc.nat(399), (picture, index) => {
      const worse = picture.slice(0, index) + (index < picture.length ? 'x' : '') + picture.slice(index + 1)
      expect(down(worse)).toBeGreaterThanOrEqual(down(picture))
    }))
  })
})

test('gaps less than a second apart are one', () => {
  const gaps = gapsOf(asked('..x..xx' + '.'.repeat(40) + 'x.'), windowOf('..x..xx' + '.'.repeat(40) + 'x.'))
  expect(joined(gaps, 1_000).map(({ from, to }) => [(from - FROM) / INTERVAL, (to - FROM) / INTERVAL])).toEqual([[2, 7], [47, 48]])
})

test('bins', () => {
  const picture = `${'.'.repeat(20)}${'x'.repeat(20)}${'~'.repeat(20)}${'.'.repeat(19)}x${'x'.repeat(19)}.`
  expect(binsOf(asked(picture), windowOf(picture), 1_000)).toBe('.x-19')
})

test('a picture has at most 400 bins', () => {
  fc.assert(fc.property(fc.nat(6 * 3_600_000), (ms) => {
    expect(ms / binWidth(ms)).toBeLessThanOrEqual(400)
  }))
})

describe('records', () => {
  test('in the order of asking, with the run of each', () => {
    expect(parseRecord('run 5\n20 ok\n10 timeout\nrun 30\n40 ok\n')).toEqual([
      { at: 10, word: 'timeout', run: 5 }, { at: 20, word: 'ok', run: 5 }, { at: 40, word: 'ok', run: 30 },
    ])
  })
  test('a last line that is not whole is passed over', () => expect(parseRecord('run 5\n20 ok\n30 o')).toHaveLength(1))
  test('nothing at all', () => expect(parseRecord('')).toEqual([]))
})
