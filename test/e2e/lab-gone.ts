/** Takes a lab down as its user would, and asks Docker, not Proofbook, whether it is gone. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect } from 'vitest'
import { proofbook } from './proofbook.ts'

/** @param lab its name; nothing is asked of it before */
export async function labGone(lab: string): Promise<void> {
  await proofbook(['lab', 'down', '--lab', lab])
  const { stdout } = await promisify(execFile)('docker', ['ps', '--all', '--quiet', '--filter', `label=proofbook.lab=${lab}`])
  expect(stdout, `containers of ${lab} left behind`).toBe('')
}
