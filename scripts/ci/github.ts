/** GitHub's REST API for the workflows of this repository. */

/**
 */
export async function gitHub<Value = unknown>(method: string, path: string, body?: object, fine: readonly number[] = []): Promise<{ readonly status: number, readonly value: Value }> {
  const { GITHUB_API_URL: api = 'https://api.github.com', GITHUB_REPOSITORY: repository, GITHUB_TOKEN: token } = process.env
  if (!repository || !token) throw new Error('received no GITHUB_REPOSITORY or GITHUB_TOKEN, expected both from the workflow')
  const response = await fetch(`${api}/repos/${repository}/${path}`, {
    method,
    headers: { accept: 'application/vnd.github+json', authorization: `Bearer ${token}`, 'x-github-api-version': '2022-11-28' },
    signal: AbortSignal.timeout(60_000),
    ...body === undefined ? {} : { body: JSON.stringify(body) },
  })
  const text = await response.text()
  if (!response.ok && !fine.includes(response.status)) throw new Error(`${method} ${path}: received ${response.status} ${text.slice(0, 300)}`)
  return { status: response.status, value: (text === '' ? undefined : JSON.parse(text)) as Value }
}
