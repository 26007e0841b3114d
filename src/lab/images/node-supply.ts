/** The kind node image: from Docker, upstream's own, from an air-gap folder, or built. */
import type { ImageRecord } from '../../target/target.ts'
import { upstream, versions, workloads } from '../versions.ts'
import { plainLayer } from './archive.ts'
import { findImage, type DockerImage } from './docker.ts'
import type { Supplied } from './host-supply.ts'
import { nodeConfig, nodeKey, nodeLayers } from './node.ts'
import type { Context } from './product.ts'
import { intoDocker, type Sources } from './supply.ts'

export const builtNode = `proofbook/node:${versions.kubernetes}-${nodeKey}`
const upstreamTag = upstream.node.split('@')[0] ?? upstream.node

export interface Node extends Supplied {
  readonly kubernetes: string
  /** Ours, not upstream's. */
  readonly built: boolean
  readonly cni: 'flannel' | 'kindnet'
  /** Images of workloads that it carries. */
  readonly preloaded: readonly string[]
}

export async function supplyNode(context: Context, { registry, airgap }: Sources): Promise<Node> {
  const present = await inDocker()
  if (present !== undefined) return present
  if (!await registry(upstream.node) && !(await airgap() && await inDocker() !== undefined)) {
    const { tars, records } = await nodeLayers(context)
    const layers = async () => Promise.all(tars.map((tar) => plainLayer(tar)))
    await intoDocker(context, builtNode, layers, nodeConfig({ [RECORDS]: records }))
  }
  const node = await inDocker()
  if (node === undefined) throw new Error(`Docker took the node image and has neither ${upstream.node} nor ${builtNode}`)
  return node
}

/** Label of a node image: what the images in its store are. */
export const RECORDS = 'proofbook.records'

/** Upstream's image by its digest, or by its tag where an archive brought it (archives carry no digests); else ours. */
async function inDocker(): Promise<Node | undefined> {
  const [pulled, tagged, built] = await Promise.all([upstream.node, upstreamTag, builtNode].map(findImage))
  if (pulled !== undefined) return fromUpstream(pulled, upstream.node, 'pulled')
  if (tagged !== undefined && tagged.repoDigests.length === 0) return fromUpstream(tagged, upstreamTag, 'archive')
  return built === undefined ? undefined : fromBuild(built)
}

function fromUpstream(image: DockerImage, ref: string, supply: 'pulled' | 'archive'): Node {
  const record: ImageRecord = { name: upstreamTag, version: upstream.nodeKubernetes, supply, id: image.id }
  return { ref, kubernetes: upstream.nodeKubernetes, built: false, cni: 'kindnet', preloaded: [], records: [record] }
}

function fromBuild(image: DockerImage): Node {
  const record: ImageRecord = {
    name: 'proofbook/node',
    version: versions.kubernetes,
    supply: 'built',
    id: image.id,
    note: `our build: Kubernetes ${versions.kubernetes}, containerd ${versions.containerd} and runc ${versions.runc} from Go modules`
      + ` on Debian ${versions.debian}, with kind ${versions.kind}'s node files and flannel as the default CNI; not upstream bytes`,
  }
  const inside = JSON.parse(image.labels[RECORDS] ?? '[]') as ImageRecord[]
  return {
    ref: builtNode,
    kubernetes: versions.kubernetes,
    built: true,
    cni: 'flannel',
    preloaded: inside.map(({ name }) => name).filter((name) => Object.values<string>(workloads).includes(name)),
    records: [record, ...inside],
  }
}
