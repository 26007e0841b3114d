/** Runs once before the end-to-end tests: what they need of this machine, as `proofbook setup --yes` makes it. */
import type { TestProject } from 'vitest/node'
import { ensureImages } from '../../src/lab/images/ensure.ts'
import { setup } from '../../src/lab/setup.ts'
import type { Progress } from '../../src/report/progress.ts'

const progress: Progress = {
  stage: (label, work) => { console.error(label); return work(() => undefined) },
  note: line => console.error(line),
}

export default async function prepare(_: TestProject): Promise<void> {
  await setup(progress, { yes: true })
  await ensureImages(progress)
}
