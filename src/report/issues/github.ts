/** Issues of a repository by GitHub's REST API (2022-11-28). */
import { BadInput } from '../../runbook/errors.ts'
import type { Deed, Issue } from './plan.ts'

export const LABEL = 'runbook-failure'

export interface GitHub {
  /** `https://api.github.com`, without a slash at its end. */
  readonly api: string
  /** `owner/name` */
  readonly repository: string
  readonly token: string
  readonly signal?: AbortSignal
}

/** GitHub answered, and not with what was asked for. */
export class GitHubRefused extends Error {
  readonly exitCode = 4
  override readonly name = 'GitHubRefused'
}

/**
 * Where a workflow's own GitHub is.
 * @throws BadInput that names the variable that is missing
 */
export function gitHubOf(env: Readonly<Record<string, string | undefined>>): GitHub {
  const wanted = (name: string): string => {
    const value = env[name]
    if (!value) throw new BadInput(`received no ${name}, expected it from the workflow; --dry-run prints what would be told and asks nobody`)
    return value
  }
  return {
    api: (env.GITHUB_API_URL || 'https://api.github.com').replace(/\/+$/, ''),
    repository: wanted('GITHUB_REPOSITORY'), token: wanted('GITHUB_TOKEN'),
  }
}

/** Every open issue with the label, which only people with rights in the repository can give. */
export async function openIssues(github: GitHub): Promise<Issue[]> {
  const issues: Issue[] = []
  for (let page = 1; ; page++) {
    const found = await call(github, 'GET', `issues?state=open&labels=${LABEL}&per_page=100&page=${page}`) as { number: number, body: string | null, pull_request?: object }[]
    issues.push(...found.filter(({ pull_request }) => pull_request === undefined).map(({ number, body }) => ({ number, body: body ?? '' })))
    if (found.length < 100) return issues
  }
}

/** Returns the number of the issue. */
export async function perform(github: GitHub, deed: Deed): Promise<number> {
  if (deed.do === 'open') {
    const { number } = await call(github, 'POST', 'issues', { title: deed.title, body: deed.body, labels: [LABEL] }) as { number: number }
    return number
  }
  if (deed.do === 'comment' || deed.do === 'close') await call(github, 'POST', `issues/${deed.number}/comments`, { body: deed.comment })
  await call(github, 'PATCH', `issues/${deed.number}`, deed.do === 'close' ? { state: 'closed', state_reason: 'completed' } : { title: deed.title, body: deed.body })
  return deed.number
}

/** The label, made when there is none yet. */
export async function ensureLabel(github: GitHub): Promise<void> {
  await call(github, 'POST', 'labels', { name: LABEL, color: 'b60205', description: 'A runbook does not hold' }, [422])
}

/** @throws GitHubRefused with GitHub's words */
async function call(github: GitHub, method: string, path: string, body?: object, fine: readonly number[] = []): Promise<unknown> {
  const { api, repository, token, signal = AbortSignal.timeout(60_000) } = github
  let response: Response
  try {
    response = await fetch(`${api}/repos/${repository}/${path}`, {
      method, signal,
      headers: { 'accept': 'application/vnd.github+json', 'authorization': `Bearer ${token}`, 'x-github-api-version': '2022-11-28', 'content-type': 'application/json' },
      ...body === undefined ? {} : { body: JSON.stringify(body) },
    })
  } catch (error) {
    const cause = (error as Error).cause
    throw new GitHubRefused(`${method} ${api}/repos/${repository}/${path}: ${cause instanceof Error ? cause.message : (error as Error).message}`, { cause: error })
  }
  const text = await response.text()
  if (!response.ok && !fine.includes(response.status)) {
    throw new GitHubRefused(`${method} ${api}/repos/${repository}/${path}: received ${response.status} ${text.slice(0, 300)}, expected it done; the job needs "permissions: { issues: write }"`)
  }
  return text === '' ? undefined : JSON.parse(text)
}
