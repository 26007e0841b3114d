/** Pulls upstream images where a registry answers. */
import { upstream } from '../versions.ts'
import { ask } from './run.ts'
import type { Context } from './product.ts'

/** Milliseconds until the first layer's name must have come: a firewall that drops packets gives no answer at all. */
const FIRST_ANSWER = 15_000

export type Registry = (ref: string) => Promise<boolean>

/**
 * A registry for one run. The first pull is the probe: Docker itself knows mirrors and proxies, so nothing else is asked.
 * A refusal is final for this run. `PROOFBOOK_REGISTRY=none` asks nobody: a node image of our own has the pins of this checkout,
 * one that is pulled has what kind defaults to.
 */
export function registry(context: Context): Registry {
  let answers: Promise<boolean> | undefined
  return async (ref) => {
    answers ??= process.env.PROOFBOOK_REGISTRY === 'none' ? Promise.resolve(false) : pull(upstream.debian, context, FIRST_ANSWER)
    if (!await answers) return false
    return ref === upstream.debian || pull(ref, context)
  }
}

async function pull(ref: string, { progress, signal }: Context, firstAnswer?: number): Promise<boolean> {
  const silence = new AbortController()
  const timer = firstAnswer === undefined ? undefined : setTimeout(() => { silence.abort() }, firstAnswer)
  const attempt = (update: (detail: string) => void) => ask(['docker', 'pull', ref], {
    signal: AbortSignal.any([signal, silence.signal]),
    onOutput: (line) => { clearTimeout(timer); update(line) },
  }).catch((error: unknown) => {
    if (silence.signal.aborted && !signal.aborted) return undefined
    throw error
  })
  // the probe is silent: where there is no registry, that is no failure to show
  const out = await (firstAnswer === undefined ? progress.stage(`pull ${ref}`, attempt) : attempt(() => {}))
  clearTimeout(timer)
  return out !== undefined
}
