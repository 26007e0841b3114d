/** Many pages on many cores: this thread takes a share, each other core a worker. */
import { availableParallelism } from 'node:os'
import { extname } from 'node:path'
import { Worker } from 'node:worker_threads'
import { checkNamed, type CheckedPage } from './pages.ts'

/** Fewer pages than this are checked sooner than a worker starts. */
const WORTH_A_WORKER = 100

export interface Share {
  readonly root: string
  readonly names: readonly string[]
}

export interface Answer {
  readonly pages: readonly CheckedPage[]
  readonly notes: readonly string[]
}

/** What is wrong with these pages, in their order; each note is told once. */
export async function checkAll(root: string, names: readonly string[], note: (line: string) => void): Promise<CheckedPage[]> {
  const told = new Set<string>()
  const once = (line: string): void => {
    if (!told.has(line)) note(line)
    told.add(line)
  }
  const count = Math.max(1, Math.min(availableParallelism(), Math.floor(names.length / WORTH_A_WORKER)))
  const size = Math.ceil(names.length / count)
  const [own = [], ...others] = Array.from({ length: count }, (_, index) => names.slice(index * size, (index + 1) * size))
  const away = others.map((share) => elsewhere({ root, names: share }))
  const [here, ...there] = await Promise.all([checkNamed(root, own, once), ...away])
  return [...here!, ...there.flatMap((answer) => {
    const { pages, notes } = answer as Answer
    notes.forEach(once)
    return pages
  })]
}

function elsewhere(share: Share): Promise<Answer> {
  const worker = new Worker(new URL(`./worker${extname(import.meta.url)}`, import.meta.url), { workerData: share })
  return new Promise((resolve, reject) => {
    worker.once('message', resolve).once('error', reject)
      .once('exit', (code) => reject(new Error(`a worker of the check ended with ${code} and no answer`)))
  })
}
