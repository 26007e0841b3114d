/** How much of each kind of work runs at once: a compiler fills the cores, a download hardly uses one. */
const WIDTH = { compile: 1, fetch: 2, debian: 1, pack: 1 } as const

export type Lane = keyof typeof WIDTH

/** Runs work in a lane, in the order of asking. */
export type InLane = <T>(lane: Lane, work: () => Promise<T>) => Promise<T>

export function lanes(signal: AbortSignal): InLane {
  const busy: Record<Lane, number> = { compile: 0, fetch: 0, debian: 0, pack: 0 }
  const waiting: Record<Lane, (() => void)[]> = { compile: [], fetch: [], debian: [], pack: [] }
  return async (lane, work) => {
    while (busy[lane] >= WIDTH[lane]) await new Promise<void>((resolve) => { waiting[lane].push(resolve) })
    busy[lane]++
    try {
      signal.throwIfAborted()
      return await work()
    } finally {
      busy[lane]--
      waiting[lane].shift()?.()
    }
  }
}
