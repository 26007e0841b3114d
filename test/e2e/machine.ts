/** Runs once before the end-to-end tests: what they need of this machine, as `proofbook setup --yes` makes it. */
import type { TestProject } from 'vitest/node'
import { ensureImages } from '../../src/lab/images/ensure.ts'
import { setup } from '../../src/lab/setup.ts'
import { progress } from './progress.ts'

export default async function prepare(_: TestProject): Promise<void> {
  await setup(progress, { yes: true })
  await ensureImages(progress)
}
