/** Kubernetes' own end-to-end tests, and the runner that spreads them over processes. No part of a lab. */
import { mkdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { versions } from '../versions.ts'
import { download, downloading, goBuild, ownModule } from './go-build.ts'
import { product } from './product.ts'
import { run } from './run.ts'

const module = 'k8s.io/kubernetes'
const suite = `${module}/test/e2e`
const spec = { name: 'e2e-test', module, version: versions.kubernetes, goMod: ['godebug default=go1.26'], staging: versions.staging }

/** `e2e.test`, as upstream's release builds it: the compiled tests of one package. Up to 5 minutes of processor time beyond Kubernetes. */
export const e2eTest = product('e2e-test', spec, [], async (folder, _, context) => {
  const { progress, signal } = context
  const source = join(folder, 'source')
  await mkdir(source)
  await context.inLane('fetch', () => progress.stage(`fetch ${spec.name} ${spec.version}`, async (update) => {
    const upstream = await download(context, module, spec.version)
    // What the tests import counts as much as what the package does, and only the latter is looked at for a dependency.
    const test = await readFile(join(upstream, 'test/e2e/e2e_test.go'), 'utf8')
    const imports = [...test.matchAll(/^\s+(?:\S+ )?"(\S+\.\S+\/\S+)"$/gm)].map(([, path = '']) => path)
    await ownModule({ ...spec, commands: [suite, ...imports] }, source, context, update)
  }))
  const go = await context.go()
  await context.inLane('compile', () => progress.stage(`build ${spec.name} ${spec.version}`, async (update) => {
    await run([go.path, 'test', '-c', '-vet=off', '-trimpath', '-ldflags', '-s -w', '-o', join(folder, 'e2e.test'), suite], {
      cwd: source, env: { ...go.env, CGO_ENABLED: '0' }, signal, onLine: (line) => { downloading(line, update) },
    })
  }))
  await rm(source, { recursive: true })
})

/** The version that e2e.test is compiled with: its processes speak to one of their own. */
const GINKGO = 'v2.28.1'

export const ginkgo = goBuild({
  name: 'ginkgo',
  module: 'github.com/onsi/ginkgo/v2',
  version: GINKGO,
  commands: ['github.com/onsi/ginkgo/v2/ginkgo'],
})
