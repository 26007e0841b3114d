/** What a command said belongs to the failure of the test that asked it, not only to the eyes of who watched. */
import { onTestFailed, TestRunner } from 'vitest'

/** @param what asked when the test has failed; nothing is asked outside of a test, where a hook fails by itself */
export function tellIfFailed(what: () => string): void {
  if (TestRunner.getCurrentTest() !== undefined) onTestFailed(() => { process.stderr.write(`the failed test had asked: ${what()}\n`) })
}
