/** Blocks that go on beside the others until one `needs` them or the run ends. */
import type { Service } from './service.ts'

export interface Background {
  /** @param service ended by `settleAll` and not waited for by `settle` */
  start(name: string, work: Promise<void>, service?: Pick<Service, 'stop'>): void
  /** Waits for those of these names; rejects with the first that failed. */
  settle(names: readonly string[]): Promise<void>
  /** Waits for all that are left, in the order in which they were started. */
  settleAll(): Promise<void>
  /** Waits until nothing runs any more, whatever became of it. */
  drain(): Promise<void>
}

export function createBackground(): Background {
  const running = new Map<string, Promise<void>>()
  const services = new Map<string, Pick<Service, 'stop'>>()
  const settle = async (names: readonly string[]): Promise<void> => {
    for (const name of names) {
      const work = running.get(name)
      if (work === undefined || services.has(name)) continue
      running.delete(name)
      await work
    }
  }
  return {
    start(name, work, service) {
      // A failure is told by settle; until then Node must not take it for one that nobody looks at.
      const ended = (): void => { services.delete(name) }
      work.then(ended, ended)
      running.set(name, work)
      if (service) services.set(name, service)
    },
    settle,
    settleAll: async () => {
      // A service may serve another background block, which has to end by itself first.
      await settle([...running.keys()])
      for (const service of services.values()) service.stop()
      services.clear()
      await settle([...running.keys()])
    },
    drain: async () => {
      for (const service of services.values()) service.stop()
      await Promise.allSettled(running.values())
      running.clear()
    },
  }
}
