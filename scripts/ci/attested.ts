/**
 * Results of a night count only where GitHub vouches that the nightly workflow of this repository wrote them: a digest alone
 * tells that a file is whole, not who made it.
 *
 *     node scripts/ci/attested.ts   from the folder `night` into `.proofbook`, for the site; what is refused fails the job
 */
import { fileURLToPath } from 'node:url'
import { proofbook } from '../../.github/actions/lib.ts'

/** For `report merge`: asked of each file, with its path behind it. */
export function attestedBy(repository = process.env.GITHUB_REPOSITORY): string[] {
  // it becomes a part of a command
  if (!/^[\w.-]+\/[\w.-]+$/.test(repository ?? '')) throw new Error(`received GITHUB_REPOSITORY ${repository}, expected owner/name from the workflow`)
  return ['--attested', `gh attestation verify --repo ${repository} --signer-workflow ${repository}/.github/workflows/nightly.yml`]
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.exitCode = proofbook(['report', 'merge', 'night', '--output', '.proofbook', ...attestedBy()], { show: true }).exit
}
