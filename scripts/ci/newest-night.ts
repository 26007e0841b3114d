/**
 * Which workflow run has the newest results of a night: the output `run`, empty when there is none.
 * With the argument `before`, of an earlier night than the one that runs.
 */
import { output } from '../../.github/actions/lib.ts'
import { gitHub } from './github.ts'

/** Name of the artefact that the nightly workflow writes. */
const NAME = 'night'

interface Artifact {
  readonly expired: boolean
  readonly created_at: string
  readonly workflow_run: { readonly id: number, readonly head_branch: string, readonly head_repository_id: number, readonly repository_id: number }
}

const { value } = await gitHub<{ artifacts: Artifact[] }>('GET', `actions/artifacts?name=${NAME}&per_page=100`)
const current = process.argv[2] === 'before' ? Number(process.env.GITHUB_RUN_ID) : undefined
const [newest] = value.artifacts
  // A pull request from a fork may upload an artefact of any name: only what main has made counts.
  .filter(({ expired, workflow_run: run }) => !expired && run.head_branch === 'main' && run.head_repository_id === run.repository_id && run.id !== current)
  .sort((a, b) => Date.parse(b.created_at) - Date.parse(a.created_at))
output('run', newest?.workflow_run.id ?? '')
