import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { policyAudit } from '../../../src/cli/policy-audit.ts'

const POLICY = 'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: { name: p, namespace: shop }\nspec: { podSelector: { matchLabels: { app: api } }, policyTypes: [Ingress] }\n'
const pod = (app: string): string => `apiVersion: v1\nkind: Pod\nmetadata: { name: ${app}, namespace: shop, labels: { app: ${app} } }\nspec: { containers: [] }\n`

let folder: string
let out = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'proofbook-'))
  out = ''
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => { out += String(text); return true })
})
afterEach(async () => {
  vi.restoreAllMocks()
  process.exitCode = undefined
  await rm(folder, { recursive: true })
})

test.each([
  ['nothing to audit', {}, 'expected one of --files DIR'],
  ['two things to audit', { files: '.', lab: 'x' }, 'expected one of --files DIR'],
  ['a file that is not there', { files: '/nowhere' }, 'cannot read /nowhere'],
  ['a range that is none', { files: '.', podRange: ['10.0.0.0'] }, 'received --pod-range 10.0.0.0'],
])('refuses %s', async (_, flags, message) => {
  await expect(policyAudit(flags)).rejects.toThrow(message)
})

test('reads a folder with all below it, and ends with 1 only for an error', async () => {
  await mkdir(join(folder, 'deep'))
  await writeFile(join(folder, 'p.yaml'), POLICY)
  await writeFile(join(folder, 'deep/pod.yml'), pod('api'))
  await policyAudit({ files: folder, json: true })
  expect(JSON.parse(out)).toMatchObject({ schema: 1, command: 'policy audit', policies: 1, pods: 1, summary: { error: 0 }, findings: [] })
  expect(process.exitCode).toBeUndefined()

  await writeFile(join(folder, 'deep/pod.yml'), pod('apis'))
  out = ''
  await policyAudit({ files: folder, json: true })
  expect(JSON.parse(out)).toMatchObject({ summary: { error: 1, warning: 1 }, findings: [{ rule: 'selects-nothing', file: join(folder, 'p.yaml'), line: 4 }, { rule: 'unselected' }] })
  expect(process.exitCode).toBe(1)
})

test('one namespace, and the name of one that is not there', async () => {
  await writeFile(join(folder, 'p.yaml'), `${POLICY}---\n${pod('api')}---\n${pod('x').replace('shop', 'far')}`)
  await policyAudit({ files: folder, namespace: ['shop'], json: true })
  expect(JSON.parse(out)).toMatchObject({ findings: [] })
  await expect(policyAudit({ files: folder, namespace: ['shp'] })).rejects.toThrow('received --namespace shp, which is not there; expected one of far, shop')
})

test('files without a policy, and a policy that is wrong', async () => {
  await writeFile(join(folder, 'a.yaml'), pod('api'))
  await expect(policyAudit({ files: folder })).rejects.toThrow('has no NetworkPolicy in 1 YAML file')
  await writeFile(join(folder, 'a.yaml'), POLICY.replace('podSelector', 'podSelectr'))
  await expect(policyAudit({ files: folder })).rejects.toThrow(`${join(folder, 'a.yaml')}:4:9  unknown key "podSelectr" in spec. Did you mean "podSelector"?`)
})
