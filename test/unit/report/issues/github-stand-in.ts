/**
 * A stand-in for GitHub's API of issues, on loopback: it keeps issues, labels and comments as GitHub does, page by page,
 * and refuses what has no token. It is not GitHub: rights, limits and search are not in it.
 */
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface StoredIssue {
  number: number
  title: string
  body: string
  state: 'open' | 'closed'
  labels: string[]
  comments: string[]
}

export interface StandIn extends AsyncDisposable {
  readonly url: string
  readonly issues: StoredIssue[]
  readonly labels: Set<string>
  /** Method and path of every request, in order. */
  readonly calls: string[]
}

export async function gitHubStandIn({ repository = 'o/r', token = 'secret' } = {}): Promise<StandIn> {
  const issues: StoredIssue[] = []
  const labels = new Set<string>()
  const calls: string[] = []
  const answer = (method: string, path: string, query: URLSearchParams, body: Record<string, unknown>): { status: number, value?: unknown } => {
    const [, number, comments] = /^issues\/(\d+)(\/comments)?$/.exec(path) ?? []
    const issue = issues.find((one) => one.number === Number(number))
    if (method === 'GET' && path === 'issues') {
      const [per, page] = [Number(query.get('per_page') ?? 30), Number(query.get('page') ?? 1)]
      const found = issues.filter(({ state, labels: own }) => state === query.get('state') && own.includes(query.get('labels') ?? ''))
      return { status: 200, value: found.slice((page - 1) * per, page * per).map(shown) }
    }
    if (method === 'POST' && path === 'labels') {
      const name = String(body.name)
      if (labels.has(name)) return { status: 422, value: { message: 'Validation Failed', errors: [{ code: 'already_exists' }] } }
      labels.add(name)
      return { status: 201, value: { name } }
    }
    if (method === 'POST' && path === 'issues') {
      const made: StoredIssue = { number: issues.length + 1, title: String(body.title), body: String(body.body), state: 'open', labels: body.labels as string[], comments: [] }
      if (made.body.length > 65_536) return { status: 422, value: { message: 'body is too long (maximum is 65536 characters)' } }
      issues.push(made)
      return { status: 201, value: shown(made) }
    }
    if (issue === undefined) return { status: 404, value: { message: 'Not Found' } }
    if (method === 'POST' && comments !== undefined) {
      issue.comments.push(String(body.body))
      return { status: 201, value: {} }
    }
    if (method === 'PATCH' && comments === undefined) {
      for (const key of ['title', 'body', 'state'] as const) if (key in body) issue[key] = body[key] as never
      return { status: 200, value: shown(issue) }
    }
    return { status: 405, value: { message: 'Not done here' } }
  }
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://stand-in')
    calls.push(`${request.method} ${url.pathname}`)
    const body = await read(request)
    const prefix = `/repos/${repository}/`
    const { status, value } = request.headers.authorization !== `Bearer ${token}` ? { status: 401, value: { message: 'Bad credentials' } }
      : !url.pathname.startsWith(prefix) ? { status: 404, value: { message: 'Not Found' } }
      : answer(request.method ?? '', url.pathname.slice(prefix.length), url.searchParams, body)
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value))
  })
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve) })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, issues, labels, calls,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => { server.close(resolve) })
    },
  }
}

const shown = ({ number, title, body, state, labels }: StoredIssue) => ({ number, title, body, state, labels: labels.map((name) => ({ name })) })

async function read(request: IncomingMessage): Promise<Record<string, unknown>> {
  let text = ''
  for await (const chunk of request.setEncoding('utf8')) text += chunk
  return text === '' ? {} : JSON.parse(text) as Record<string, unknown>
}
