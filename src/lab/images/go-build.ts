/**
 * Programs from Go modules. Each is built as a dependency of a tiny module of our own: that takes upstream's pins
 * (minimal version selection) and works where `go install` does not, because replacements of a dependency's own go.mod
 * are ignored there.
 */
import { existsSync } from 'node:fs'
import { chmod, copyFile, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { product, type Context, type Product } from './product.ts'
import { run } from './run.ts'

export interface GoBuild {
  readonly name: string
  readonly module: string
  readonly version: string
  /** Import paths of the commands. */
  readonly commands: readonly string[]
  /** Go's name of a command's file to ours. */
  readonly rename?: Readonly<Record<string, string>>
  readonly cgo?: boolean
  readonly tags?: string
  readonly ldflags?: string
  /** Lines of our go.mod after the first `require`. */
  readonly goMod?: readonly string[]
  /** Version of the modules that upstream's go.mod replaces by folders of its own repository (`./staging/src/...`). */
  readonly staging?: string
  /** Puts further files into our module before its dependencies are resolved. */
  readonly prepare?: (folder: string, context: Context) => Promise<void>
  /** What `prepare` puts there, for the key. */
  readonly recipe?: unknown
}

/** A product whose folder holds the commands' files. */
export function goBuild(spec: GoBuild): Product {
  const { name, version } = spec
  // JSON leaves functions out: their text differs between source and compiled code, and a key must not
  return product(name, spec, [], async (folder, _, context) => {
    const source = join(folder, 'source')
    await mkdir(source)
    await context.inLane('fetch', () => context.progress.stage(`fetch ${name} ${version}`, async (update) => {
      await ownModule(spec, source, context, update)
    }))
    await compile(context, `build ${name} ${version}`, source, folder, spec)
    await rm(source, { recursive: true })
    for (const [from, to] of Object.entries(spec.rename ?? {})) await rename(join(folder, from), join(folder, to))
  })
}

/** Where the module's files are, after they have been fetched. */
export async function download(context: Context, module: string, version: string): Promise<string> {
  const go = await context.go()
  const text = await run([go.path, 'mod', 'download', '-json', `${module}@${version}`], {
    env: go.env, cwd: '/', signal: context.signal,
  })
  return (JSON.parse(text) as { Dir: string }).Dir
}

/** A module in `folder` that depends on the commands of `spec` and is ready to be built. */
export async function ownModule(spec: GoBuild, folder: string, context: Context, update: (detail: string) => void): Promise<void> {
  const go = await context.go()
  const upstream = await download(context, spec.module, spec.version)
  const staging = spec.staging === undefined
    ? []
    : stagingReplacements(await readFile(join(upstream, 'go.mod'), 'utf8'), spec.staging)
  await writeFile(join(folder, 'go.mod'), [
    `module proofbook.example/${spec.name}`, 'go 1.26.0', `require ${spec.module} ${spec.version}`,
    ...spec.goMod ?? [], ...staging, '',
  ].join('\n'))
  // upstream's checksums spare a question to the checksum database for each of them
  if (existsSync(join(upstream, 'go.sum'))) {
    await copyFile(join(upstream, 'go.sum'), join(folder, 'go.sum'))
    await chmod(join(folder, 'go.sum'), 0o644)
  }
  const imports = spec.commands.map((command) => `import _ "${command}"`)
  await writeFile(join(folder, 'tools.go'), ['//go:build tools', '', 'package tools', '', ...imports, ''].join('\n'))
  await spec.prepare?.(folder, context)
  // -e: dependencies of tests of dependencies may be refused; what a build needs fails in the build
  await run([go.path, 'mod', 'tidy', '-e'], {
    cwd: folder, env: go.env, signal: context.signal, onLine: (line) => { downloading(line, update) },
  })
}

export const stagingReplacements = (upstream: string, version: string): string[] =>
  [...upstream.matchAll(/^\s*(?:replace\s+)?(\S+) => \.\/staging\/src\//gm)]
    .map(([, module]) => `replace ${module} => ${module} ${version}`)

/** Compiles commands into `out`; one build at a time, since a build uses all cores. */
export async function compile(
  context: Context,
  label: string,
  source: string,
  out: string,
  spec: Pick<GoBuild, 'commands' | 'cgo' | 'tags' | 'ldflags'> & { readonly flags?: readonly string[] },
): Promise<void> {
  const go = await context.go()
  await context.inLane('compile', () => context.progress.stage(label, async (update) => {
    let packages = 0
    await run([
      go.path, 'build', '-v', '-trimpath', '-tags', spec.tags ?? '', '-ldflags', `-s -w ${spec.ldflags ?? ''}`.trim(),
      // The linker leaves what a debugger reads out (-w): not to write it at all saves the compiler a fifth of its time.
      '-gcflags=all=-dwarf=false', ...spec.flags ?? [], '-o', `${out}/`, ...spec.commands,
    ], {
      cwd: source,
      env: { ...go.env, CGO_ENABLED: spec.cgo === true ? '1' : '0' },
      signal: context.signal,
      onLine: (line) => {
        // -v prints the name of each package as it is compiled
        if (/^[\w.-]+(\/[\w.~-]+)+$/.test(line)) update(`${line} (${++packages} compiled)`)
        else downloading(line, update)
      },
    })
  }))
}

export function downloading(line: string, update: (detail: string) => void): void {
  const what = /^go: downloading (\S+ \S+)/.exec(line)?.[1]
  if (what !== undefined) update(`downloading ${what}`)
}
