/**
 * Puts a lab back into the state in which it was made, in place: what was added goes, what was changed or lost comes
 * back. Whether it worked is not believed but seen, by the inventory.
 */
import { setTimeout as wait } from 'node:timers/promises'
import { quote } from 'zx/core'
import { duration } from '../../report/duration.ts'
import type { Inventory } from '../../target/target.ts'
import { CommandFailed } from '../images/run.ts'
import { exec, inspect } from '../hosts/docker.ts'
import { hasStarted } from '../hosts/machine.ts'
import { differences, recordedInventory, takeInventory } from '../inventory/inventory.ts'
import { listObjects, objectFacts, objectsOf, type KubeObject } from '../inventory/objects.ts'
import type { Lab } from '../lab.ts'
import { hasCluster } from '../topology/topology.ts'
import { baselineFiles, baselineObjects, isKept } from './baseline.ts'
import { planRepair } from './host-plan.ts'
import { areGone, dropNamespaces, leaving } from './namespaces.ts'
import { repairObjects } from './objects.ts'
import { refusal } from './refusal.ts'
import { renewMachine } from './renew-machine.ts'

export interface Reset {
  /** It is as it was when it was made. */
  readonly pristine: boolean
  /** What differed before, as lines of the inventory. */
  readonly differed: readonly string[]
  /** What could not be put back; empty when pristine. */
  readonly left: readonly string[]
}

/** Milliseconds in which pods, services and the links of a node that was off settle after all was put back. */
const SETTLE = 90_000
const POLL = 500

/** Never throws for what cannot be put back: that is in the answer, and the lab is to be made anew then. */
export async function reset(lab: Lab, signal: AbortSignal): Promise<Reset> {
  const before = await recordedInventory(lab.folder)
  if (before === undefined) return { pristine: false, differed: [], left: ['its state after bring-up was not recorded'] }
  const objects = await baselineObjects(lab.folder)
  await powerOn(lab, signal)
  if (hasCluster(lab.topology)) await dropNamespaces(lab.kubectl, objects)
  const now = await answered(lab, signal)
  if ('silent' in now) return { pristine: false, differed: [], left: [now.silent] }
  const differed = differences(before, now.inventory)
  try {
    const hopeless = await repair(lab, { before, objects, differed, now: now.objects }, signal)
    if (hopeless.length > 0) return { pristine: false, differed, left: hopeless }
  } catch (error) {
    if (!(error instanceof CommandFailed)) throw error
    return { pristine: false, differed, left: [refusal(lab, error)] }
  }
  const left = await settled(lab, before, signal)
  return { pristine: left.length === 0, differed, left }
}

interface Answer {
  readonly inventory: Inventory
  /** Of the cluster; none where the lab has no cluster. */
  readonly objects: readonly KubeObject[]
}

/** What is there now, as soon as every host and the API server tell; who did not within SETTLE, and its last words. */
async function answered(lab: Lab, signal: AbortSignal, deadline = performance.now() + SETTLE): Promise<Answer | { silent: string }> {
  for (;;) {
    signal.throwIfAborted()
    try {
      const objects = objectsOf(lab.topology, lab.kubectl)
      return { inventory: await takeInventory(lab.topology, lab.container, objects), objects: await objects }
    } catch (error) {
      if (!(error instanceof CommandFailed)) throw error
      if (performance.now() > deadline) return { silent: `${refusal(lab, error)} for ${duration(SETTLE)}, expected it to tell its state` }
    }
    await wait(POLL, undefined, { signal })
  }
}

/** A host that still starts tells states of its units that it will not keep. */
async function powerOn(lab: Lab, signal: AbortSignal): Promise<void> {
  await Promise.all(lab.topology.hosts.map(async ({ name }) => {
    const container = lab.container(name)
    if ((await inspect(container))?.running !== false) return
    await lab.power('on', name)
    await hasStarted(container, signal)
  }))
}

interface Found {
  readonly before: Inventory
  /** Those of before. */
  readonly objects: readonly KubeObject[]
  /** Lines of the inventory. */
  readonly differed: readonly string[]
  /** The objects of now. */
  readonly now: readonly KubeObject[]
}

/** Hosts and objects at once. @returns differences that nobody can undo in place */
async function repair(lab: Lab, { before, objects, differed, now }: Found, signal: AbortSignal): Promise<string[]> {
  const paths = new Set(before.filter(fact => fact.startsWith('mode ')).map(fact => fact.split(' ').slice(1, 3).join(' ')))
  const repairs = await Promise.all([
    ...lab.topology.hosts.filter(({ name }) => differed.some(line => line.split(' ')[2] === name)).map(async (host) => {
      if (host.kind === 'machine') {
        await renewMachine(lab, host, signal)
        return []
      }
      const plan = planRepair(host.name, differed, path => paths.has(`${host.name} ${path}`))
      if (plan.hopeless.length > 0) return plan.hopeless
      // Docker writes its own files anew when a node starts.
      await restoreFiles(lab, host.name, plan.restore.filter(isKept), plan.remove)
      await attempt(lab, host.name, plan.commands)
      return []
    }),
    differed.some(line => /^. (object|pods|release) /.test(line))
      ? repairObjects(lab.kubectl, objects, now).then((): string[] => [])
      : [],
  ])
  return repairs.flat()
}

/**
 * One after the other, each whatever became of the one before it: who else repairs (kubelet, the CNI) may have been
 * faster, and whether all is as before is seen in the end.
 */
async function attempt(lab: Lab, host: string, commands: readonly (readonly string[])[]): Promise<void> {
  if (commands.length === 0) return
  try {
    await exec(lab.container(host), ['bash', '-s'], { input: commands.map(argv => `${argv.map(quote).join(' ')} </dev/null\n`).join('') })
  } catch (error) {
    if (!(error instanceof CommandFailed)) throw error
  }
}

async function restoreFiles(lab: Lab, host: string, restore: readonly string[], remove: readonly string[]): Promise<void> {
  const container = lab.container(host)
  if (remove.length > 0) await exec(container, ['rm', '-rf', '--', ...remove])
  if (restore.length === 0) return
  const script = 'base64 --decode | tar --extract --gzip --directory=/ --no-recursion --preserve-permissions --overwrite -- "$@"'
  await exec(container, ['bash', '-eo', 'pipefail', '-c', script, 'restore', ...restore.map(path => path.replace(/^\//, ''))], { input: await baselineFiles(lab.folder, host) })
}

/** @returns what still differs when time is up */
async function settled(lab: Lab, before: Inventory, signal: AbortSignal): Promise<string[]> {
  const deadline = performance.now() + SETTLE
  for (;;) {
    signal.throwIfAborted()
    const [problems, now] = await Promise.all([lab.healthy(), answered(lab, signal, deadline)])
    const left = problems.length > 0 ? problems : 'silent' in now ? [now.silent] : differences(before, now.inventory)
    if (left.length === 0 || performance.now() > deadline) return left
    const names = leaving(left)
    if (names.length > 0 && !('silent' in now)) {
      await areGone(lab.kubectl, names, deadline - performance.now())
      // The hosts were seen to be as before, without a pod of these namespaces: only the cluster is looked at again.
      const again = await clusterAnew(lab, now)
      if (again !== undefined && differences(before, again).length === 0) return []
    }
    await wait(POLL, undefined, { signal })
  }
}

/** The answer with the cluster of now; undefined when that does not tell. */
async function clusterAnew({ kubectl }: Lab, { inventory, objects }: Answer): Promise<Inventory | undefined> {
  try {
    const old = new Set(objectFacts(objects))
    return [...inventory.filter(fact => !old.has(fact)), ...objectFacts(await listObjects(kubectl))]
  } catch (error) {
    if (!(error instanceof CommandFailed)) throw error
    return undefined
  }
}
