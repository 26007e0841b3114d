/** Removes a lab by what Docker knows of it, so that it also works for half a lab and without its folder. */
import { setTimeout as wait } from 'node:timers/promises'
import { backends } from './cluster/backends.ts'
import { LabError } from './errors.ts'
import { containersWith, docker, exec, inspect } from './hosts/docker.ts'
import { thaw } from './hosts/power.ts'
import { FOLDER_LABEL, label, lanContainer } from './names.ts'
import { imageOfNetwork, removeNetworks } from './network/docker-network.ts'
import { openEgress } from './network/egress.ts'
import { MAKER_LABEL } from './network/lan.ts'
import { readRecord, removeFolder } from './state.ts'

/** Milliseconds for `docker rm -f` before we look for frozen processes. */
const PATIENCE = 45_000

/** Time in which a request that was on its way to Docker when we were interrupted turns into a container. */
const SETTLE = 400

const containersOf = (lab: string): Promise<string[]> =>
  containersWith(label(lab), ...backends.flatMap(backend => backend.labels(lab)))

/**
 * @param folder where the lab's files are when no container tells it
 * @param options.settle something was interrupted: look again until nothing new turns up
 */
export async function removeLab(lab: string, folder: string, { settle = false } = {}): Promise<void> {
  const lan = await inspect(lanContainer(lab))
  const image = lan?.image ?? await imageOfNetwork(lab)
  for (;;) {
    // The LAN goes last: without it nothing can be thawed.
    const names = await containersOf(lab)
    const hosts = names.filter(name => name !== lanContainer(lab))
    await Promise.all(hosts.map(name => removeContainer(lab, name)))
    if (lan?.running === true) await exec(lanContainer(lab), ['proofbook-sweep']).catch(() => undefined)
    await openEgress(lab, image)
    if (names.length > hosts.length) await docker(['rm', '--force', '--volumes', lanContainer(lab)])
    await removeNetworks(lab)
    if (settle) await wait(SETTLE)
    if ((await containersOf(lab)).length === 0) break
  }
  const told = lan?.labels[FOLDER_LABEL]
  for (const path of new Set([folder, ...told === undefined ? [] : [told]])) await removeFolder(path, image)
}

async function removeContainer(lab: string, name: string): Promise<void> {
  const remove = (): Promise<string> => docker(['rm', '--force', '--volumes', name], { timeout: PATIENCE })
  try {
    await remove()
  } catch {
    const state = await inspect(name)
    if (state === undefined) return
    await thaw(lab, state)
    await remove()
  }
}

/** @throws LabError while another process that still lives makes a lab of that name */
export async function refuseWhileMade(lab: string): Promise<void> {
  const lan = await inspect(lanContainer(lab))
  const maker = Number(lan?.labels[MAKER_LABEL])
  if (lan === undefined || await readRecord(lan.labels[FOLDER_LABEL] ?? '') !== undefined) return
  if (!Number.isInteger(maker) || maker === process.pid || !alive(maker)) return
  throw new LabError(`lab ${lab} is being made by process ${maker}; wait for it, or name another lab with --name`)
}

function alive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
