/** The host image: from Docker, from Debian's own image, from an air-gap folder, or from Debian's packages. */
import { join } from 'node:path'
import type { ImageRecord } from '../../target/target.ts'
import { OWNER_LABEL, ownerText } from '../owner.ts'
import { debianImage, haproxyHosts } from '../versions.ts'
import { plainLayer } from './archive.ts'
import { findImage, type DockerImage } from './docker.ts'
import { haproxyRelease, type HaproxyRelease } from './haproxy.ts'
import { hostConfig, hostFiles, hostRootfs, hostScript } from './host.ts'
import type { Context } from './product.ts'
import { ask, run } from './run.ts'
import { intoDocker, type Sources } from './supply.ts'

/** Docker's name of the image whose hosts offer that HAProxy. */
export const hostRefWith = (release: HaproxyRelease): string => `proofbook/host:${haproxyHosts[release].debian}-${hostRootfs[release].key}`

/** The same with the default HAProxy: of hosts of which nothing else was asked, and of what else is made of it. */
export const hostRef = hostRefWith(haproxyRelease())

export interface Supplied {
  readonly ref: string
  readonly records: readonly ImageRecord[]
}

const SUPPLY = 'proofbook.supply'

export async function supplyHost(context: Context, { registry, airgap }: Sources, release = haproxyRelease()): Promise<Supplied> {
  const here = () => findImage(hostRefWith(release))
  const present = await here()
  if (present !== undefined) return supplied(release, present)
  if (await registry(debianImage(haproxyHosts[release].debian))) await fromDebianImage(context, release)
  else if (!(await airgap()) || await here() === undefined) await fromPackages(context, release)
  return supplied(release, await here())
}

function supplied(release: HaproxyRelease, image: DockerImage | undefined): Supplied {
  const { debian } = haproxyHosts[release]
  const ref = hostRefWith(release)
  if (image === undefined) throw new Error(`Docker took the image ${ref} and does not have it`)
  const base = image.labels[SUPPLY] === 'pulled' ? `Debian's image ${debianImage(debian)}` : 'Debian packages'
  return {
    ref,
    records: [{ name: 'proofbook/host', version: debian, supply: 'built', id: image.id, note: `our image, made of ${base}, with HAProxy ${release} to install` }],
  }
}

async function fromPackages(context: Context, release: HaproxyRelease): Promise<void> {
  const rootfs = await hostRootfs[release].make(context)
  await intoDocker(context, hostRefWith(release), async () => [await plainLayer(join(rootfs, 'rootfs.tar'))], labelled('built'))
}

/** The same script as in a chroot, in a container of ours that is gone afterwards. */
async function fromDebianImage(context: Context, release: HaproxyRelease): Promise<void> {
  const { signal } = context
  const { debian } = haproxyHosts[release]
  const name = `proofbook-build-${hostRootfs[release].key}-${process.pid}`
  await context.progress.stage(`install Debian ${debian} for lab hosts`, async (update) => {
    try {
      // the machine's own network: a bridge may be closed, and lacks the machine's name service
      await run([
        'docker', 'create', '--name', name, '--network', 'host', '--interactive', '--label', 'proofbook.build=host',
        '--label', `${OWNER_LABEL}=${ownerText()}`,
        debianImage(debian), 'sh', '-s',
      ], { signal })
      for (const { from, to } of hostFiles()) await run(['docker', 'cp', from, `${name}:${to}`], { signal })
      const modes = hostFiles().map(({ to }) => `chmod 755 ${to}`).join('\n')
      await run(['docker', 'start', '--attach', '--interactive', name], {
        signal, input: `${modes}\n${hostScript(release)}`, onOutput: (line) => { update(line.slice(0, 100)) },
      })
      const half = await run(['docker', 'commit', name], { signal })
      // `commit` cannot set a stop signal
      await run(['docker', 'build', '--tag', hostRefWith(release), '-'], {
        signal, input: dockerfile(half.trim()), env: { DOCKER_BUILDKIT: '0' },
      })
    } finally {
      await ask(['docker', 'rm', '--force', '--volumes', name])
    }
  })
}

const labelled = (supply: string) => ({ ...hostConfig, Labels: { [SUPPLY]: supply } })

function dockerfile(from: string): string {
  return [
    `FROM ${from}`,
    ...(hostConfig.Env ?? []).map((variable) => `ENV ${variable}`),
    `STOPSIGNAL ${hostConfig.StopSignal}`,
    `LABEL ${SUPPLY}=pulled`,
    'CMD []',
    `ENTRYPOINT ${JSON.stringify(hostConfig.Entrypoint)}`,
    '',
  ].join('\n')
}
