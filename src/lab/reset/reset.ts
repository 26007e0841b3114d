/**
 * Puts a lab back into the state in which it was made, in place: what was added goes, what was changed or lost comes
 * back. Whether it worked is not believed but seen, by the inventory.
 */
import { setTimeout as wait } from 'node:timers/promises'
import { duration } from '../../report/duration.ts'
import type { Inventory } from '../../target/target.ts'
import { CommandFailed } from '../images/run.ts'
import { exec } from '../hosts/docker.ts'
import { differences, recordedInventory } from '../inventory/inventory.ts'
import type { Lab } from '../lab.ts'
import { baselineFiles, baselineObjects, isKept } from './baseline.ts'
import { planRepair } from './host-plan.ts'
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
  await powerOn(lab)
  const now = await answered(lab, signal)
  if ('silent' in now) return { pristine: false, differed: [], left: [now.silent] }
  const differed = differences(before, now.inventory)
  try {
    const hopeless = await repair(lab, before, differed, signal)
    if (hopeless.length > 0) return { pristine: false, differed, left: hopeless }
  } catch (error) {
    if (!(error instanceof CommandFailed)) throw error
    return { pristine: false, differed, left: [refusal(lab, error)] }
  }
  const left = await settled(lab, before, signal)
  return { pristine: left.length === 0, differed, left }
}

/** What is there now, as soon as every host and the API server tell; who did not within SETTLE, and its last words. */
async function answered(lab: Lab, signal: AbortSignal, deadline = performance.now() + SETTLE): Promise<{ inventory: Inventory } | { silent: string }> {
  for (;;) {
    signal.throwIfAborted()
    try {
      return { inventory: await lab.inventory() }
    } catch (error) {
      if (!(error instanceof CommandFailed)) throw error
      if (performance.now() > deadline) return { silent: `${refusal(lab, error)} for ${duration(SETTLE)}, expected it to tell its state` }
    }
    await wait(POLL, undefined, { signal })
  }
}

async function powerOn(lab: Lab): Promise<void> {
  const { hosts } = await lab.status()
  await Promise.all(hosts.filter(({ state }) => state === 'off').map(({ name }) => lab.power('on', name)))
}

/** Hosts and objects at once. @returns differences that nobody can undo in place */
async function repair(lab: Lab, before: Inventory, differed: readonly string[], signal: AbortSignal): Promise<string[]> {
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
      for (const argv of plan.commands) await attempt(lab, host.name, argv)
      return []
    }),
    differed.some(line => /^. (object|pods) /.test(line))
      ? baselineObjects(lab.folder).then(objects => repairObjects(lab.kubectl, objects)).then((): string[] => [])
      : [],
  ])
  return repairs.flat()
}

/** Who else repairs (kubelet, the CNI) may have been faster: whether it is as before is seen in the end. */
async function attempt(lab: Lab, host: string, argv: readonly string[]): Promise<void> {
  try {
    await exec(lab.container(host), argv)
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
    const problems = await lab.healthy()
    const now = problems.length > 0 ? undefined : await answered(lab, signal, deadline)
    const left = now === undefined ? problems : 'silent' in now ? [now.silent] : differences(before, now.inventory)
    if (left.length === 0 || performance.now() > deadline) return left
    await wait(POLL, undefined, { signal })
  }
}
