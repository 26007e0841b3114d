/** Programs that a lab runs on this machine or copies into hosts. */
import { join } from 'node:path'
import { versions } from '../versions.ts'
import { etcdutl, kind, vegeta } from './components.ts'
import { kubernetes } from './kubernetes.ts'
import { product, type Context, type Product } from './product.ts'
import { ask, run } from './run.ts'

/** vegeta runs inside hosts, so it has to be static and is always ours. */
export const supplyVegeta = async (context: Context): Promise<string> => join(await vegeta.make(context), 'vegeta')

/** etcd's tool for files of its own, as on the workstation of whoever restores them: runs inside hosts too. */
export const supplyEtcdutl = async (context: Context): Promise<string> => join(await etcdutl.make(context), 'etcdutl')

/** The pinned kind: ours where it is made already, else the one on PATH when it is that version, else ours. */
export function supplyKind(context: Context): Promise<string> {
  const pinned = async () => (await ask(['kind', 'version', '--quiet']))?.trim() === versions.kind.slice(1)
  return ours(context, kind, 'kind', pinned)
}

/**
 * kubectl of the cluster's own version.
 * @param node a node image, which carries one: of use where Kubernetes was not built here
 */
export function supplyKubectl(context: Context, version: string, node?: string): Promise<string> {
  const pinned = async () => {
    const text = await ask(['kubectl', 'version', '--client', '--output', 'json'])
    return text !== undefined && (JSON.parse(text) as { clientVersion: { gitVersion: string } }).clientVersion.gitVersion === version
  }
  return ours(context, node === undefined || version === versions.kubernetes && kubernetes.exists() ? kubernetes : kubectlOf(node), 'kubectl', pinned)
}

async function ours(context: Context, made: Product, name: string, onPath: () => Promise<boolean>): Promise<string> {
  if (made.exists() || !await onPath()) return join(await made.make(context), name)
  return (await run(['sh', '-c', `command -v ${name}`])).trim()
}

const kubectlOf = (node: string): Product => product('kubectl', node, [], async (folder, _, { signal }) => {
  const container = (await run(['docker', 'create', node], { signal })).trim()
  try {
    await run(['docker', 'cp', `${container}:/usr/bin/kubectl`, join(folder, 'kubectl')], { signal })
  } finally {
    await ask(['docker', 'rm', '--force', '--volumes', container])
  }
})

/** Whether nothing is left to build for these; the ones on PATH are not looked at, and a node image brings kubectl. */
export const programsPresent = (): boolean => vegeta.exists() && etcdutl.exists() && kind.exists()
