/** Images that pages start pods from, beside what every node carries: brought to the nodes of a lab whose page names them. */
import type { Progress } from '../../report/progress.ts'
import type { Lab } from '../lab.ts'
import { nodes } from '../topology/topology.ts'
import { agnhostImage, type TestImage } from './agnhost.ts'
import { postgresImage } from './postgres.ts'
import { bringTestImages } from './test-images.ts'

export const pageImages: readonly TestImage[] = [agnhostImage, postgresImage]

/** Those that a text names, whatever it names them for. */
export const namedIn = (text: string): TestImage[] => pageImages.filter(({ ref }) => text.includes(ref))

/** Half a second when the nodes have them. @throws LabError when a node does not take one */
export async function bringPageImages(lab: Lab, text: string, progress: Progress, signal: AbortSignal): Promise<void> {
  const images = namedIn(text)
  if (images.length > 0) await bringTestImages(progress, { nodes: nodes(lab.topology).map(({ name }) => lab.container(name)), images, signal })
}
