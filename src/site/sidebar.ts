/**
 * Order of the book. A chapter appears as soon as it has a page; a new one is one line in `chapters`.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { bookFolder } from './book-folder.ts'

/** In the order in which a cluster is built. */
const chapters = [
  { folder: 'nodes', label: 'Nodes' },
  { folder: 'haproxy', label: 'HAProxy' },
  { folder: 'cni', label: 'CNI' },
  { folder: 'policy', label: 'NetworkPolicy' },
  { folder: 'services', label: 'Services and ingress' },
] as const

export function sidebar() {
  return [
    { label: 'Start', items: ['index', 'prove', 'run', 'policies', 'safety'].map(slug => ({ slug })) },
    ...chapters.filter(({ folder }) => existsSync(join(bookFolder, folder))).map(({ folder, label }) => ({
      label,
      items: [{ autogenerate: { directory: `${bookFolder}/${folder}` } }],
    })),
    { slug: 'status' },
    { label: 'Write your own', items: ['write/runbook', 'write/fences', 'write/values', 'write/commands', 'write/results'].map(slug => ({ slug })) },
  ]
}
