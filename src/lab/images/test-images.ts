/** Images for the pods of probes and e2e tests: pulled where a registry answers, else built; brought to nodes when wanted. */
import { join } from 'node:path'
import type { Progress } from '../../report/progress.ts'
import { docker } from '../hosts/docker.ts'
import { LabError } from '../errors.ts'
import type { TestImage } from './agnhost.ts'
import { airgap } from './airgap.ts'
import { findImage } from './docker.ts'
import { newContext } from './ensure.ts'
import { product, type Context } from './product.ts'
import { registry } from './registry.ts'
import { run } from './run.ts'

interface Wanted {
  /** Containers of the nodes. */
  readonly nodes: readonly string[]
  readonly images: readonly TestImage[]
  readonly signal: AbortSignal
}

/**
 * Every node has these images afterwards. Half a second when they are there.
 * @throws LabError naming a node that does not take one
 */
export async function bringTestImages(progress: Progress, { nodes, images, signal }: Wanted): Promise<void> {
  const context = newContext(progress, signal)
  const there = await Promise.all(nodes.map(presentIn))
  const missing = images.filter(({ ref }) => there.some(refs => !refs.has(ref)))
  for (const image of missing) {
    const archive = await archiveOf(image, context)
    const takers = nodes.filter((_, index) => there[index]?.has(image.ref) === false)
    await progress.stage(`load ${image.ref} into ${takers.length} nodes`, () =>
      Promise.all(takers.map(node => importInto(node, archive, signal))))
  }
}

const CTR = ['ctr', '--namespace', 'k8s.io']

async function presentIn(node: string): Promise<Set<string>> {
  const out = await docker(['exec', node, ...CTR, 'images', 'list', '--quiet'])
  return new Set(out.split('\n'))
}

/** The archive goes through standard input, so that nothing of it stays in the node but the image. */
async function importInto(node: string, archive: string, signal: AbortSignal): Promise<void> {
  await run(['sh', '-c', 'docker exec --interactive "$1" ctr --namespace k8s.io images import - < "$2"', 'load', node, archive], { signal })
    .catch((error: Error) => {
      signal.throwIfAborted()
      throw new LabError(`${node} does not take ${archive}: ${error.message}`)
    })
}

async function archiveOf({ ref, file, archive }: TestImage, context: Context): Promise<string> {
  const pulled = await findImage(ref) !== undefined || await registry(context)(ref) || await airgap(context)() && await findImage(ref) !== undefined
  return join(await (pulled ? saved(ref, file) : archive).make(context), file)
}

/** Docker's own words for an image that it has, saved once. */
const saved = (ref: string, file: string) => product(`saved-${file.replace('.tar', '')}`, ref, [], async (folder, _, { signal }) => {
  await run(['docker', 'image', 'save', '--output', join(folder, file), ref], { signal })
})
