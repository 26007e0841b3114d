/** PostgreSQL for runbooks, under the name of the official image, where no registry answers: Debian's packages. */
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { versions } from '../versions.ts'
import type { TestImage } from './agnhost.ts'
import { writeArchive, zstdLayer } from './archive.ts'
import { asset, assetPath } from './assets.ts'
import { mmdebstrap } from './debian.ts'
import { product } from './product.ts'
import { packed } from './rootfs.ts'
import { run } from './run.ts'

/** The one that Debian has. */
const MAJOR = '15'
const REF = `docker.io/library/postgres:${MAJOR}-${versions.debian}`

const packages = [`postgresql-${MAJOR}`, `postgresql-client-${MAJOR}`, 'tzdata', 'busybox-static', 'dash', 'libc-bin', 'libc6']

export const postgresImage: TestImage = {
  ref: REF,
  file: 'postgres.tar',
  note: 'Debian\'s own packages in place of PostgreSQL\'s; without the entrypoint, Perl and JIT',
  archive: product('postgres-archive', [REF, packages, asset('postgres-image.sh'), packed], [], async (folder, _, context) => {
    const { signal } = context
    const root = join(folder, 'root')
    await mmdebstrap(context, `unpack PostgreSQL ${MAJOR}`, {
      out: root, variant: 'extract', include: packages,
      options: ['man', 'doc', 'locale', 'info'].map(name => `--dpkgopt=path-exclude=/usr/share/${name}/*`),
    })
    await run(['sh', assetPath('postgres-image.sh'), root, MAJOR], { signal })
    const tar = join(folder, 'rootfs.tar')
    await run(['tar', ...packed.filter(word => !/owner|group/.test(word)), '--numeric-owner', '--directory', root, '--create', '--file', tar, '.'], { signal })
    await rm(root, { recursive: true })
    const layer = await zstdLayer(tar)
    await writeArchive(join(folder, 'postgres.tar'), REF, [layer], {
      User: '999', Env: [`PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/usr/lib/postgresql/${MAJOR}/bin`, 'PGDATA=/var/lib/postgresql/data'], Cmd: ['postgres'],
    })
    await rm(layer.file)
  }),
}
