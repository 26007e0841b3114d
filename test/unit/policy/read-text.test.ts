import fc from 'fast-check'
import { expect, test } from 'vitest'
import { outcomes, type Flow, type Outcome } from '../../../src/policy/flow.ts'
import { gridOf } from '../../../src/policy/grid.ts'
import type { Cell } from '../../../src/policy/judge.ts'
import type { Pod } from '../../../src/policy/model.ts'
import { pictureIn } from '../../../src/policy/read-text.ts'
import { drawn, matrixSvg } from '../../../src/policy/svg.ts'
import { matrixText } from '../../../src/policy/text.ts'

const pod = (name: string): Pod => ({ name, namespace: 'shop', labels: {}, ports: [{ port: 80, protocol: 'TCP' }] })
const answer = { outcome: 'allow', ms: 1, detail: '' } as const
const cells = fc.uniqueArray(fc.record({
  from: fc.constantFrom('a', 'web', 'a-long-name'), to: fc.constantFrom(...Array.from({ length: 12 }, (_, number) => `pod-${number}`)),
  port: fc.constantFrom(80, 8080), byName: fc.boolean(), outcome: fc.constantFrom(...Object.keys(outcomes) as Outcome[]), ok: fc.boolean(),
}), { minLength: 1, maxLength: 30, selector: ({ from, to, port, byName }) => `${from} ${to} ${port} ${byName}` }).map(list => list.map(({ outcome, ok, from, to, port, byName }): Cell => ({
  flow: { from: pod(from), to: pod(to), port, protocol: 'TCP', byName, expect: 'allow', why: '' } satisfies Flow,
  before: answer, during: answer, after: answer, outcome, ok, why: ok ? '' : 'not as it should be',
})))

test('what was printed is read again, cell by cell, whatever stands around it', () => {
  fc.assert(fc.property(cells, fc.constantFrom('', 'measure 12 cells …\n1 of them\n\n'), (list, before) => {
    const { rows, columns, at } = gridOf(list)
    const read = pictureIn(`${before}${matrixText(list)}\nmeasured in 3 s`)!
    expect([read.rows, read.columns]).toEqual([rows, columns])
    for (const row of rows) {
      for (const column of columns) {
        const cell = at(row, column)
        expect([read.at(row, column)?.outcome, read.at(row, column)?.differs]).toEqual([cell?.outcome, cell && cell.ok === false])
      }
    }
  }))
})

test('colours of a terminal are no part of it, and blanks at the ends may be lost', () => {
  const [list] = fc.sample(cells, { seed: 7, numRuns: 1 }) as [Cell[]]
  const text = matrixText(list, (_, part) => `\u001B[32m${part}\u001B[39m`).split('\n').map(line => line.trimEnd()).join('\n')
  const { rows, columns } = gridOf(list)
  expect(pictureIn(text)).toMatchObject({ rows, columns })
})

test.each(['', 'ok\n', ' 1  a\n\n', '  1 2\n', 'NAME 1 2\n\n  1\n'])('%j holds no matrix', (text) => {
  expect(pictureIn(text)).toBeUndefined()
})

test('both pictures show the same boxes', () => {
  const [list] = fc.sample(cells, { seed: 3, numRuns: 1 }) as [Cell[]]
  const boxes = (svg: string): string[] => [...svg.matchAll(/<rect [^>]*>/g)].map(([rect]) => rect)
  expect(boxes(drawn('t', pictureIn(matrixText(list))!))).toEqual(boxes(matrixSvg('t', list)))
})
