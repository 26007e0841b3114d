/**
 * Order of the book. A chapter appears as soon as it has a page; a new one is one line in `chapters`.
 */
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { bookFolder } from './book-folder.ts'

/** In the order in which a cluster is built, and their pages in the order in which a beginner reads; others follow by name. */
export const chapters = [
  { folder: 'nodes', label: 'Nodes', first: ['etcd-backup-and-restore'] },
  { folder: 'haproxy', label: 'HAProxy', first: ['external-load-balancer', 'virtual-ip', 'high-availability', 'health-checks', 'client-address', 'tls-passthrough-or-termination', 'operate', 'firewall'] },
  { folder: 'cni', label: 'CNI', first: ['know-your-cni', 'flannel', 'flannel-after-power-loss', 'flannel-to-cilium', 'flannel-to-cilium-live', 'cilium-traps', 'cilium-routing-modes', 'cilium-crashloop-recovery', 'cilium-with-flux', 'cilium-upgrade', 'cilium-load-balancer', 'cilium-uninstall', 'calico-and-canal'] },
  { folder: 'policy', label: 'NetworkPolicy', first: ['does-my-cluster-enforce', 'default-deny', 'allow-frontend-to-api', 'isolate-postgresql', 'verify-isolation', 'audit', 'cilium-network-policy', 'host-firewall-ufw', 'canal'] },
  { folder: 'services', label: 'Services and ingress', first: ['expose-a-service', 'ingress'] },
  { folder: 'troubleshooting', label: 'When it breaks', first: ['pods-that-hang', 'traffic-between-nodes', 'leftovers-of-an-old-cni', 'namespace-terminating'] },
] as const

/** Name of the chapter to which a page of the book belongs: `haproxy/operate` → `HAProxy`. */
export function chapterLabel(id: string): string {
  const folder = id.split('/')[0]!
  return chapters.find(chapter => chapter.folder === folder)?.label ?? folder
}

const pagesOf = (folder: string, first: readonly string[]): string[] => {
  const pages = readdirSync(join(bookFolder, folder)).filter(file => file.endsWith('.mdx')).map(file => file.slice(0, -'.mdx'.length)).sort()
  return [...first.filter(page => pages.includes(page)), ...pages.filter(page => !first.includes(page))]
}

/** Ids of all pages of the book, in its order. */
export const bookOrder = (): string[] => chapters.filter(({ folder }) => existsSync(join(bookFolder, folder)))
  .flatMap(({ folder, first }) => pagesOf(folder, first).map(page => `${folder}/${page}`))

export function sidebar() {
  return [
    { label: 'Start', items: ['index', 'prove', 'run', 'policies', 'safety'].map(slug => ({ slug })) },
    { label: 'Choose', items: ['choose/cni', 'choose/load-balancer'].map(slug => ({ slug })) },
    ...chapters.filter(({ folder }) => existsSync(join(bookFolder, folder))).map(({ folder, label, first }) => ({
      label,
      items: pagesOf(folder, first).map(page => ({ slug: `${folder}/${page}` })),
    })),
    { slug: 'troubleshooting' },
    { label: 'Reference', items: ['reference/ports', 'reference/glossary'].map(slug => ({ slug })) },
    { slug: 'status' },
    { slug: 'claims' },
    { label: 'Write your own', items: ['write/runbook', 'write/fences', 'write/values', 'write/commands', 'write/results', 'write/ci'].map(slug => ({ slug })) },
  ]
}
