/** Blocks that go on beside the others until one `needs` them or the run ends. */

export interface Background {
  start(name: string, work: Promise<void>): void
  /** Waits for those of these names; rejects with the first that failed. */
  settle(names: readonly string[]): Promise<void>
  /** Waits for all that are left, in the order in which they were started. */
  settleAll(): Promise<void>
  /** Waits until nothing runs any more, whatever became of it. */
  drain(): Promise<void>
}

export function createBackground(): Background {
  const running = new Map<string, Promise<void>>()
  const settle = async (names: readonly string[]): Promise<void> => {
    for (const name of names) {
      const work = running.get(name)
      if (work === undefined) continue
      running.delete(name)
      await work
    }
  }
  return {
    start(name, work) {
      // A failure is told by settle; until then Node must not take it for one that nobody looks at.
      work.catch(() => undefined)
      running.set(name, work)
    },
    settle,
    settleAll: () => settle([...running.keys()]),
    drain: async () => {
      await Promise.allSettled(running.values())
      running.clear()
    },
  }
}
