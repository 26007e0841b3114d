import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fromFragment, isValues, toFragment } from '../../../src/site/values-link.ts'

describe('values in a fragment', () => {
  test('are readable and in one order', () => {
    expect(toFragment({ vip: '10.1.2.3', port: '9090' })).toBe('#values?port=9090&vip=10.1.2.3')
    expect(toFragment({})).toBe('')
  })

  test('come back as they were, whatever they hold', () => {
    fc.assert(fc.property(fc.dictionary(fc.stringMatching(/^[a-z][a-z0-9_-]{0,10}$/), fc.string({ maxLength: 50 })), values => {
      const fragment = toFragment(values)
      expect({ ...fromFragment(fragment) }).toEqual(values)
      // As a browser hands it over after it parsed the address.
      if (fragment !== '') expect({ ...fromFragment(new URL(`http://site/${fragment}`).hash) }).toEqual(values)
    }))
  })

  test('any other fragment holds none, and none throws', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), text => {
      expect(Object.keys(fromFragment(`#${text.replace(/^values\?/, '')}`))).toEqual([])
      fromFragment(`#values?${text}`)
    }))
    expect(isValues('#step-install')).toBe(false)
  })

  test('a name reaches no prototype, and a value has an end', () => {
    const values = fromFragment('#values?__proto__=x&toString=y')
    expect(Object.getPrototypeOf(values)).toBeNull()
    expect(({} as Record<string, unknown>).x).toBeUndefined()
    expect(Object.keys(fromFragment(`#values?a=${'1'.repeat(1025)}&b=1`))).toEqual(['b'])
  })
})
