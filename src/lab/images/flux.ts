/**
 * What Flux adds to the API for a Helm release: its definitions, made from its own types as its Makefile makes them. Its
 * helm-controller is not to be had as a Go module, so nothing in a lab acts on such objects; the API server judges them.
 */
import { readFile, mkdir, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { compile, ownModule } from './go-build.ts'
import { product, type Context } from './product.ts'
import { run } from './run.ts'

/** Those that Flux v2.9.5 names in its go.mod. */
const API = { 'github.com/fluxcd/helm-controller/api': 'v1.6.4', 'github.com/fluxcd/source-controller/api': 'v1.9.5' } as const
const TYPES = ['github.com/fluxcd/helm-controller/api/v2', 'github.com/fluxcd/source-controller/api/v1']
/** The generator with which source-controller v1.9.5 is made (CONTROLLER_GEN_VERSION of its Makefile). */
const GENERATOR = 'sigs.k8s.io/controller-tools/cmd/controller-gen'
const WANTED = ['helm.toolkit.fluxcd.io_helmreleases.yaml', 'source.toolkit.fluxcd.io_helmrepositories.yaml']

const spec = {
  name: 'flux-definitions',
  module: 'sigs.k8s.io/controller-tools',
  version: 'v0.21.0',
  commands: [GENERATOR, ...TYPES],
  goMod: Object.entries(API).map(([module, version]) => `require ${module} ${version}`),
}

export const fluxVersion = 'v2.9.5'

/** `flux.yaml`: CustomResourceDefinitions of HelmRelease and HelmRepository. */
export const fluxDefinitions = product(spec.name, [spec, WANTED], [], async (folder, _, context) => {
  const source = join(folder, 'source')
  await mkdir(source)
  await context.inLane('fetch', () => context.progress.stage(`fetch ${spec.name} ${fluxVersion}`, update => ownModule(spec, source, context, update)))
  await compile(context, `build ${spec.name} ${fluxVersion}`, source, source, { commands: [GENERATOR] })
  const { path, env } = await context.go()
  await run([join(source, 'controller-gen'), 'crd:crdVersions=v1', ...TYPES.map(path => `paths=${path}`), 'output:crd:dir=made'], {
    // It asks `go` for the files of a package.
    cwd: source, env: { ...env, PATH: `${dirname(path)}:${process.env.PATH}` }, signal: context.signal,
  })
  const made = await Promise.all(WANTED.map(file => readFile(join(source, 'made', file), 'utf8')))
  await writeFile(join(folder, 'flux.yaml'), made.join(''))
  await rm(source, { recursive: true })
})

/** Path of the file. */
export const supplyFluxDefinitions = async (context: Context): Promise<string> => join(await fluxDefinitions.make(context), 'flux.yaml')
