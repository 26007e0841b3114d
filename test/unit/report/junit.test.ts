import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { escapeXml, junit } from '../../../src/report/junit.ts'
import { blockResult, sampleResult } from './sample.ts'

/** The document as another parser understands it. */
function parsed(xml: string): { counts: Record<string, string>, cases: { name: string, tags: string[], message: string, text: string }[] } {
  const program = `import sys, json, xml.etree.ElementTree as E
root = E.fromstring(sys.stdin.buffer.read())
print(json.dumps({'counts': root.attrib, 'cases': [{'name': c.get('name'), 'tags': [k.tag for k in c],
  'message': (c[0].get('message') or '') if len(c) else '', 'text': (c[0].text or '') if len(c) else ''} for c in root.iter('testcase')]}))`
  return JSON.parse(execFileSync('python3', ['-c', program], { input: xml, encoding: 'utf8' }))
}

describe('junit', () => {
  test('a case per block and host, skips with their reason, the failure with its text', () => {
    const failure = { host: 's1', kind: 'check', name: 'up', line: 50, message: 'exit 1 & "more" <x>', received: 'exit 1', expected: 'exit 0', tail: ']]> <b>\u001B[31mred\u001B[0m\u0000' } as const
    const { counts, cases } = parsed(junit(sampleResult({ verdict: 'failed', failure, blocks: [
      blockResult(),
      blockResult({ kind: 'check', name: 'up', host: 's1', status: 'failed' }),
      blockResult({ name: 'k3s', status: 'skipped', reason: 'only\non k3s' }),
      blockResult({ kind: 'precheck', name: 'free', phase: 'after-rollback' }),
    ] })))
    expect(counts).toMatchObject({ tests: '4', failures: '1', errors: '0', skipped: '1' })
    expect(cases.map(({ name, tags }) => [name, ...tags])).toEqual([
      ['step install on lb'], ['check up on s1', 'failure'], ['step k3s on lb', 'skipped'], ['precheck free on lb after rollback'],
    ])
    expect(cases[1]).toMatchObject({ message: 'exit 1 & "more" <x>', text: 'received exit 1\nexpected exit 0\n\n]]> <b>red\uFFFD' })
    expect(cases[2]?.message).toBe('only\non k3s')
  })

  test('what was left behind, and a broken lab, are cases of their own', () => {
    expect(parsed(junit(sampleResult({ verdict: 'failed', leftBehind: ['+ file <x>'] })))).toMatchObject({
      counts: { tests: '2', failures: '1' }, cases: [{}, { name: 'verdict', tags: ['failure'], text: '+ file <x>' }],
    })
    expect(parsed(junit(sampleResult({ verdict: 'infrastructure-error', reason: 'lost' }))).counts).toMatchObject({ errors: '1' })
  })

  test('any text makes a well-formed document that reads back', () => {
    const texts = fc.sample(fc.string({ unit: 'binary', maxLength: 40 }), 200)
    const { cases } = parsed(junit(sampleResult({ blocks: texts.map(text => blockResult({ status: 'failed', reason: text, transcript: text })) })))
    expect(cases).toHaveLength(texts.length)
  })

  test('what XML cannot hold is replaced, the rest is kept', () => {
    expect(escapeXml('a\u0008b\uFFFE\uD800ü😀\t\n')).toBe('a\uFFFDb\uFFFE\uFFFDü😀\t\n'.replace('\uFFFE', '\uFFFD'))
  })
})
