/**
 * What a lab was right after it was made, kept so that it can be made so again: the small files of every host, and
 * all objects of the cluster. Large files (programs) are not kept; see facts.ts for what is large.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { exec } from '../hosts/docker.ts'
import { CHART, FLUX_DEFINITIONS, furtherChart } from '../hosts/machine.ts'
import { FOLDERS, LARGE } from '../inventory/facts.ts'
import type { KubeObject } from '../inventory/objects.ts'
import type { Topology } from '../topology/topology.ts'
import { versions } from '../versions.ts'

/** Whether a file is in the baseline of its host, if it existed and was no large one. */
export const isKept = (path: string): boolean => !NOT_KEPT.some(folder => `${path}/`.startsWith(`/${folder}/`))

const CHARTS = [CHART, ...versions.cilium.map(release => furtherChart(release.slice(1)))]

/**
 * Bound by Docker from the machine, which lets nobody write some of it, what lives no longer than a start, and what
 * kubectl writes while the files are packed.
 */
const NOT_KEPT = ['etc/hosts', 'etc/hostname', 'etc/resolv.conf', 'tmp', 'root/.kube/cache', ...[FLUX_DEFINITIONS, ...CHARTS].map(path => path.slice(1))]

// Packed as fast as can be: every lab waits for it, and a lab's folder does not live long.
const PACK = `set -o pipefail
{ for folder in ${FOLDERS}; do [ ! -e "$folder" ] || find "$folder" -xdev '(' -type d -o -type l -o -type f ! -size ${LARGE} ')' -print0; done; } |
  sed --null-data 's#^/##' |
  tar --create --use-compress-program='gzip -1' --directory=/ ${NOT_KEPT.map(path => `--exclude=./${path} --exclude=${path}`).join(' ')} --null --no-recursion --files-from=- | base64 --wrap=0`

const objectsPath = (folder: string): string => join(folder, 'baseline', 'objects.json')
const filesPath = (folder: string, host: string): string => join(folder, 'baseline', `${host}.tar.gz`)

export async function recordBaseline(
  folder: string, topology: Topology, container: (host: string) => string, objects: Promise<readonly KubeObject[]>,
): Promise<void> {
  await mkdir(join(folder, 'baseline'), { recursive: true, mode: 0o700 })
  await Promise.all([
    ...topology.hosts.map(async ({ name }) => {
      const packed = await exec(container(name), ['bash', '-c', PACK])
      await writeFile(filesPath(folder, name), Buffer.from(packed, 'base64'), { mode: 0o600 })
    }),
    objects.then(all => writeFile(objectsPath(folder), JSON.stringify(all), { mode: 0o600 })),
  ])
}

/** @throws Error when the lab has none: it was made by another version of Proofbook */
export async function baselineObjects(folder: string): Promise<KubeObject[]> {
  return JSON.parse(await readFile(objectsPath(folder), 'utf8')) as KubeObject[]
}

/** Base64 of a gzipped tar with names relative to the root. */
export async function baselineFiles(folder: string, host: string): Promise<string> {
  return (await readFile(filesPath(folder, host))).toString('base64')
}
