/** k3d's command line, from its Go module: `go install` of a pinned version is refused where its list of versions is. */
import { versions } from '../versions.ts'
import { goBuild } from './go-build.ts'

const path = 'github.com/k3d-io/k3d/v5'

export const k3d = goBuild({
  name: 'k3d',
  module: path,
  version: versions.k3d,
  commands: [path],
  ldflags: `-X ${path}/version.Version=${versions.k3d}`,
})
