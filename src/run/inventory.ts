import type { Inventory, Target } from '../target/target.ts'
import { InfrastructureError } from './errors.ts'

/** Facts that only one of two inventories has: `- gone`, `+ new`, in order. */
export function differences(before: Inventory, after: Inventory): string[] {
  const [was, is] = [new Set(before), new Set(after)]
  const gone = [...was].filter(fact => !is.has(fact)).map(fact => `- ${fact}`)
  const added = [...is].filter(fact => !was.has(fact)).map(fact => `+ ${fact}`)
  return [...gone, ...added].toSorted((a, b) => a.slice(2) < b.slice(2) ? -1 : a.slice(2) > b.slice(2) ? 1 : a < b ? 1 : -1)
}

/** @throws InfrastructureError when a host does not answer */
export function takeInventory(target: Target): Promise<Inventory> {
  return asked(() => target.inventory(), 'the inventory')
}

/** Asks the target for something; a target that cannot answer is broken, which is no verdict on the page. */
export async function asked<T>(question: () => Promise<T>, what: string): Promise<T> {
  try {
    return await question()
  } catch (error) {
    throw new InfrastructureError(`${what} could not be read: ${(error as Error).message}`, { cause: error })
  }
}
