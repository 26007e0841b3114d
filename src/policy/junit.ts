/** A measured matrix as JUnit XML: a case a cell. */
import { escapeXml } from '../report/junit.ts'
import { flowText } from './flow.ts'
import { summaryOf, type Cell } from './judge.ts'

/** @param name of the suite: the file of the matrix */
export function matrixJunit(name: string, cells: readonly Cell[], ms: number): string {
  const { differ, unasked } = summaryOf(cells)
  const counts = `tests="${cells.length}" failures="${differ}" errors="0" skipped="${unasked}"`
  const cases = cells.map(({ flow, during, ok, why, outcome }) => {
    const head = `    <testcase classname="${escapeXml(name)}" name="${escapeXml(`${flowText(flow)} is ${flow.expect}`)}" time="${(during.ms / 1000).toFixed(3)}">`
    const body = ok === true ? '' : ok === null
      ? `<skipped message="${escapeXml(why)}"/>`
      : `<failure message="${escapeXml(`received ${outcome}, expected ${flow.expect}`)}">${escapeXml(why)}</failure>`
    return `${head}${body}</testcase>`
  })
  return `<?xml version="1.0" encoding="UTF-8"?>
<testsuites ${counts}>
  <testsuite name="${escapeXml(name)}" time="${(ms / 1000).toFixed(3)}" ${counts}>
${cases.join('\n')}
  </testsuite>
</testsuites>
`
}
