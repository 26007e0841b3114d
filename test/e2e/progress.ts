/** What labs tell while a test makes them, as lines of the test's own output. */
import type { Progress } from '../../src/report/progress.ts'

export const progress: Progress = {
  stage: (label, work) => { console.error(label); return work(() => undefined) },
  note: line => console.error(line),
}
