/** With the real kubectl, against a server on loopback that answers as an API server does: what it prints is the point. */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { run } from '../../../src/lab/images/run.ts'
import { refuseWithoutRights } from '../../../src/policy/rights.ts'

interface Review { readonly spec: { readonly resourceAttributes: { readonly verb: string, readonly resource: string, readonly subresource?: string } } }

const hasKubectl = (() => { try { execFileSync('kubectl', ['version', '--client'], { stdio: 'ignore' }); return true } catch { return false } })()
const GROUP = 'authorization.k8s.io'
const documents: Readonly<Record<string, object>> = {
  '/api': { kind: 'APIVersions', versions: ['v1'] },
  '/api/v1': { kind: 'APIResourceList', groupVersion: 'v1', resources: [] },
  '/apis': { kind: 'APIGroupList', apiVersion: 'v1', groups: [{ name: GROUP, versions: [{ groupVersion: `${GROUP}/v1`, version: 'v1' }], preferredVersion: { groupVersion: `${GROUP}/v1`, version: 'v1' } }] },
  [`/apis/${GROUP}/v1`]: { kind: 'APIResourceList', groupVersion: `${GROUP}/v1`, resources: [{ name: 'selfsubjectaccessreviews', singularName: '', namespaced: false, kind: 'SelfSubjectAccessReview', verbs: ['create'] }] },
}
let server: Server
let home: string
let may: (right: string) => boolean = () => true
beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'proofbook-'))
  server = createServer((request, response) => {
    let body = ''
    request.on('data', chunk => { body += chunk })
    request.on('end', () => {
      const path = request.url!.split('?')[0]!
      response.setHeader('content-type', 'application/json')
      if (request.method === 'POST') {
        const review = JSON.parse(body) as Review
        const { verb, resource, subresource } = review.spec.resourceAttributes
        response.writeHead(201).end(JSON.stringify({ ...review, status: { allowed: may([verb, resource, subresource].filter(Boolean).join(' ')) } }))
      } else if (documents[path] === undefined) response.writeHead(404).end('{}')
      else response.end(JSON.stringify(documents[path]))
    })
  })
  await new Promise<void>(resolve => { server.listen(0, '127.0.0.1', resolve) })
})
afterAll(() => {
  server.close()
  rmSync(home, { recursive: true, force: true })
})

const ask = (): Promise<void> => refuseWithoutRights((args, options) => run(
  ['kubectl', '--kubeconfig', '/dev/null', '--cache-dir', home, '--server', `http://127.0.0.1:${(server.address() as AddressInfo).port}`, ...args, '--validate=false'], options))

test.runIf(hasKubectl)('all rights at once are read as kubectl prints them', async () => {
  may = () => true
  await ask()
})

test.runIf(hasKubectl)('what is missing is named, with its subresource', async () => {
  may = right => right !== 'create pods exec' && right !== 'delete namespaces'
  await expect(ask()).rejects.toThrow('you may not delete namespaces, create pods/exec on this cluster, and nothing was made there')
})
