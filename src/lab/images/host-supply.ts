/** The host image: from Docker, from Debian's own image, from an air-gap folder, or from Debian's packages. */
import { join } from 'node:path'
import type { ImageRecord } from '../../target/target.ts'
import { OWNER_LABEL, ownerText } from '../owner.ts'
import { upstream, versions } from '../versions.ts'
import { plainLayer } from './archive.ts'
import { findImage, type DockerImage } from './docker.ts'
import { hostConfig, hostFiles, hostRootfs, hostScript } from './host.ts'
import type { Context } from './product.ts'
import { ask, run } from './run.ts'
import { intoDocker, type Sources } from './supply.ts'

export const hostRef = `proofbook/host:${versions.debian}-${hostRootfs.key}`

export interface Supplied {
  readonly ref: string
  readonly records: readonly ImageRecord[]
}

const SUPPLY = 'proofbook.supply'

export async function supplyHost(context: Context, { registry, airgap }: Sources): Promise<Supplied> {
  const present = await findImage(hostRef)
  if (present !== undefined) return supplied(present)
  if (await registry(upstream.debian)) await fromDebianImage(context)
  else if (!(await airgap()) || await findImage(hostRef) === undefined) await fromPackages(context)
  return supplied(await findImage(hostRef))
}

function supplied(image: DockerImage | undefined): Supplied {
  if (image === undefined) throw new Error(`Docker took the image ${hostRef} and does not have it`)
  const base = image.labels[SUPPLY] === 'pulled' ? `Debian's image ${upstream.debian}` : 'Debian packages'
  return {
    ref: hostRef,
    records: [{ name: 'proofbook/host', version: versions.debian, supply: 'built', id: image.id, note: `our image, made of ${base}` }],
  }
}

async function fromPackages(context: Context): Promise<void> {
  const rootfs = await hostRootfs.make(context)
  await intoDocker(context, hostRef, async () => [await plainLayer(join(rootfs, 'rootfs.tar'))], labelled('built'))
}

/** The same script as in a chroot, in a container of ours that is gone afterwards. */
async function fromDebianImage(context: Context): Promise<void> {
  const { signal } = context
  const name = `proofbook-build-${hostRootfs.key}-${process.pid}`
  await context.progress.stage(`install Debian ${versions.debian} for lab hosts`, async (update) => {
    try {
      // the machine's own network: a bridge may be closed, and lacks the machine's name service
      await run([
        'docker', 'create', '--name', name, '--network', 'host', '--interactive', '--label', 'proofbook.build=host',
        '--label', `${OWNER_LABEL}=${ownerText()}`,
        upstream.debian, 'sh', '-s',
      ], { signal })
      for (const { from, to } of hostFiles()) await run(['docker', 'cp', from, `${name}:${to}`], { signal })
      const modes = hostFiles().map(({ to }) => `chmod 755 ${to}`).join('\n')
      await run(['docker', 'start', '--attach', '--interactive', name], {
        signal, input: `${modes}\n${hostScript()}`, onOutput: (line) => { update(line.slice(0, 100)) },
      })
      const half = await run(['docker', 'commit', name], { signal })
      // `commit` cannot set a stop signal
      await run(['docker', 'build', '--tag', hostRef, '-'], {
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
