/** One share of `share.ts`, in a thread of its own. */
import { parentPort, workerData } from 'node:worker_threads'
import { checkNamed } from './pages.ts'
import type { Answer, Share } from './share.ts'

const { root, names } = workerData as Share
const notes: string[] = []
const pages = await checkNamed(root, names, (line) => notes.push(line))
// Only pages with something wrong are printed from.
parentPort!.postMessage({ pages: pages.map((page) => page.diagnostics.length === 0 ? { ...page, source: '' } : page), notes } satisfies Answer)
