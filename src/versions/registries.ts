/** Which releases a registry shows. A list may have gaps: a module proxy lists what somebody asked it for. */
import { anyGo, goEnvironment } from '../lab/images/go.ts'
import { CommandFailed, run } from '../lab/images/run.ts'
import type { Registry } from './components.ts'

export type Seen = { readonly releases: readonly string[] } | { readonly notAsked: string }

/** Milliseconds for one answer. */
const PATIENCE = 60_000

/** Never rejects: where nobody answers, it says why. */
export async function releasesIn(registry: Registry): Promise<Seen> {
  switch (registry.kind) {
    case 'none': return { notAsked: registry.reason }
    case 'go': return goReleases(registry.module)
    case 'debian': return debianReleases(registry.package)
    case 'npm': return npmReleases(registry.package)
  }
}

async function goReleases(module: string): Promise<Seen> {
  const go = await anyGo()
  if (go === undefined) return { notAsked: 'no Go here: proofbook setup' }
  return answer([go, 'list', '-m', '-versions', '-json', module], goEnvironment(), text => (JSON.parse(text) as { Versions?: string[] }).Versions ?? [])
}

/** From the lists that apt has here: `proofbook versions` fetches none. */
const debianReleases = (name: string): Promise<Seen> =>
  answer(['apt-cache', 'madison', name], {}, text => text.split('\n').flatMap(line => line.split('|')[1]?.trim() ?? []))

/** Questions to npm, one after the other: each is a program of its own, and there is one for every package. */
let asked: Promise<unknown> = Promise.resolve()

function npmReleases(name: string): Promise<Seen> {
  const own = asked.then(() => answer(['npm', 'view', '--json', name, 'versions'], {}, text => [JSON.parse(text) as string | string[]].flat()))
  asked = own
  return own
}

async function answer(argv: readonly string[], env: Readonly<Record<string, string>>, read: (text: string) => string[]): Promise<Seen> {
  try {
    const releases = read(await run(argv, { env, cwd: '/', timeout: PATIENCE }))
    return releases.length === 0 ? { notAsked: `${argv[0]!.split('/').at(-1)} knows no release of it` } : { releases }
  } catch (error) {
    if (!(error instanceof CommandFailed)) throw error
    const words = error.stderr.trim().split('\n')
    return { notAsked: words.find(line => /\d{3} [A-Z]/.test(line))?.replace(/^.*?: reading \S+: /, 'the module proxy says ') ?? (words.at(-1) || `${argv[0]!.split('/').at(-1)} gave no answer: ${error.message.split('\n')[0]}`) }
  }
}
