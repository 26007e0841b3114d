/** Removes a lab by what Docker knows of it, so that it also works for half a lab and without its folder. */
import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { backends } from './cluster/backends.ts'
import { LabError } from './errors.ts'
import { containersWith, docker, exec, inspect } from './hosts/docker.ts'
import { thaw } from './hosts/power.ts'
import { removeVolumes } from './hosts/volumes.ts'
import { isOurs, markFolder, readMarker } from './marker.ts'
import { FOLDER_LABEL, label, lanContainer, networkName } from './names.ts'
import { imageOfNetwork, removeNetworks } from './network/docker-network.ts'
import { openEgress } from './network/egress.ts'
import { isDead, owner, OWNER_LABEL, ownerText, parseOwner } from './owner.ts'
import { endOrphans } from './reap/orphans.ts'
import { labFolder, readRecord, removeFolder } from './state.ts'

/** Milliseconds for `docker rm -f` before we look for frozen processes. */
const PATIENCE = 45_000

/** Time in which a request that was on its way to Docker when we were interrupted turns into a container. */
const SETTLE = 400

/** Ours by our label; nodes by their maker's label and by being on our network: a reader may have such a cluster too. */
async function containersOf(lab: string): Promise<string[]> {
  const [ours, nodes] = await Promise.all([
    containersWith(label(lab)),
    containersWith(...backends.flatMap(backend => backend.labels(lab))),
  ])
  const network = networkName(lab)
  const states = await Promise.all(nodes.map(name => inspect(name)))
  const onOurs = states.filter(state => state?.firstNetwork === network || state?.addresses[network] !== undefined)
  return [...new Set([...ours, ...onOurs.flatMap(state => state === undefined ? [] : [state.name])])]
}

/**
 * @param folder where the lab's files are when no container tells it
 * @param options.settle something was interrupted: look again until nothing new turns up
 */
export async function removeLab(lab: string, folder: string, { settle = false } = {}): Promise<void> {
  await endOrphans()
  const lan = await inspect(lanContainer(lab))
  const image = lan?.image ?? await imageOfNetwork(lab)
  const told = lan?.labels[FOLDER_LABEL]
  const folders = new Set([folder, ...told === undefined ? [] : [told]])
  for (const path of folders) await unmake(path, lab)
  for (;;) {
    // The LAN goes last: without it nothing can be thawed.
    const names = await containersOf(lab)
    const hosts = names.filter(name => name !== lanContainer(lab))
    await Promise.all(hosts.map(name => removeContainer(lab, name)))
    if (lan?.running === true) await exec(lanContainer(lab), ['proofbook-sweep']).catch(() => undefined)
    const rules = await openEgress(lab, image)
    if (names.length > hosts.length) await removeContainer(lab, lanContainer(lab))
    const networks = await removeNetworks(lab).catch(async (error: unknown) => {
      // Whoever is making this lab has put one more container on it since we looked: the next round removes that too.
      if ((await containersOf(lab)).length === 0) throw error
      return 1
    })
    const volumes = await removeVolumes(lab)
    if (settle) await wait(SETTLE)
    if (settle ? names.length + rules + networks + volumes === 0 : (await containersOf(lab)).length === 0) break
  }
  for (const path of folders) if (await isOurs(path)) await removeFolder(path, image)
}

/** From now on this is no lab any more, whatever becomes of us, and this process answers for what is left of it. */
async function unmake(folder: string, lab: string): Promise<void> {
  if (!existsSync(folder) || !await isOurs(folder)) return
  await markFolder(folder, lab)
  await rm(join(folder, 'lab.json'), { force: true })
}

async function removeContainer(lab: string, name: string): Promise<void> {
  const remove = (): Promise<string> => docker(['rm', '--force', '--volumes', name], { timeout: PATIENCE })
  try {
    await remove()
  } catch {
    const state = await inspect(name)
    if (state === undefined) return
    await thaw(lab, state)
    await remove().catch(async (error: unknown) => {
      // "removal is already in progress": by another process, or by Docker itself (--rm).
      for (let waited = 0; waited < PATIENCE; waited += SETTLE) {
        if (await inspect(name) === undefined) return
        await wait(SETTLE)
      }
      throw error
    })
  }
}

/** @throws LabError while another process that still lives makes or removes a lab of that name */
export async function refuseWhileMade(lab: string): Promise<void> {
  const lan = await inspect(lanContainer(lab))
  const folder = lan?.labels[FOLDER_LABEL] ?? labFolder(lab)
  if (await readRecord(folder) !== undefined) return
  const who = (await readMarker(folder))?.owner ?? parseOwner(lan?.labels[OWNER_LABEL])
  if (who === undefined || isDead(who) || ownerText(who) === ownerText(owner())) return
  throw new LabError(`lab ${lab} is being made or removed by process ${who.pid}; wait for it, or name another lab with --lab`)
}
