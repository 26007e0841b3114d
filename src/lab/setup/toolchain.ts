/**
 * The Go toolchain as a Go module, golang.org/toolchain: any Go, of Debian's packages too, can fetch it, checked against
 * the checksum database. Source: go.dev/doc/toolchain.
 */
import { chmod, mkdir, readdir, rename, rm, symlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { architecture } from '../images/archive.ts'
import { goEnvironment, goVersion, toolchainFolder } from '../images/go.ts'
import { run } from '../images/run.ts'
import { versions } from '../versions.ts'
import type { Action } from './action.ts'

const module = () => `golang.org/toolchain@v0.0.1-go${versions.go}.linux-${architecture()}`

export const fetchGo: Action = {
  what: `fetch Go ${versions.go} into Proofbook's cache (150 MB)`,
  commands: [`go mod download ${module()}`],
  root: false,
  run: (progress, signal) => progress.stage(`fetch Go ${versions.go}`, async () => {
    const text = await run(['go', 'mod', 'download', '-json', module()], {
      env: goEnvironment(), cwd: '/', ...signal === undefined ? {} : { signal },
    })
    const { Dir } = JSON.parse(text) as { Dir: string }
    await makeExecutable(Dir)
    await point(toolchainFolder(), Dir)
    const version = await goVersion(join(toolchainFolder(), 'bin', 'go'))
    if (version !== versions.go) throw new Error(`${toolchainFolder()}: expected go${versions.go}, received ${version ?? 'nothing that runs'}`)
  }),
}

/** Archives of modules know no permissions. */
async function makeExecutable(root: string): Promise<void> {
  for (const folder of ['bin', 'pkg/tool']) {
    for (const found of await readdir(join(root, folder), { recursive: true, withFileTypes: true })) {
      if (found.isFile()) await chmod(join(found.parentPath, found.name), 0o755)
    }
  }
}

/** By a rename, so that the name is there with all behind it, or not at all. */
async function point(name: string, folder: string): Promise<void> {
  await mkdir(dirname(name), { recursive: true })
  const draft = `${name}.${process.pid}`
  await rm(draft, { force: true })
  await symlink(folder, draft)
  await rename(draft, name)
}
