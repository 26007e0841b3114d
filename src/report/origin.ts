/** The workflow that a result comes from, as the machine that ran it says. */

export interface Origin {
  /** Address of the workflow's run. */
  readonly run: string
  /** That was checked out. */
  readonly commit: string
}

type Environment = Readonly<Record<string, string | undefined>>

/** Each service's own variables; register others here. */
const services: readonly ((env: Environment) => Partial<Origin>)[] = [
  ({ GITHUB_RUN_ID: id, GITHUB_RUN_ATTEMPT: attempt = '1', GITHUB_SERVER_URL: server = 'https://github.com', GITHUB_REPOSITORY: repository, GITHUB_SHA: commit }) => ({
    ...id && repository ? { run: `${server}/${repository}/actions/runs/${id}/attempts/${attempt}` } : {}, ...commit ? { commit } : {},
  }),
  ({ CI_JOB_URL: run, CI_COMMIT_SHA: commit }) => ({ ...run ? { run } : {}, ...commit ? { commit } : {} }),
]

/** Undefined on a machine of one's own. */
export function originOf(env: Environment): Origin | undefined {
  for (const service of services) {
    const { run, commit } = service(env)
    if (run !== undefined && commit !== undefined) return { run, commit }
  }
  return undefined
}
