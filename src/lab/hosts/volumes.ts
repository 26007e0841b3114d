/** Docker volumes that have a name: those without one go with their containers. */
import { label, labelled } from '../names.ts'
import { docker } from './docker.ts'

/** @param labels further ones, `key=value` */
export async function createVolume(lab: string, name: string, labels: readonly string[] = []): Promise<void> {
  await docker(['volume', 'create', ...labelled(lab), ...labels.flatMap(text => ['--label', text]), name])
}

/** Returns how many there were. */
export async function removeVolumes(lab: string): Promise<number> {
  const names = (await docker(['volume', 'ls', '--filter', `label=${label(lab)}`, '--format', '{{.Name}}'])).split('\n').filter(name => name !== '')
  await Promise.all(names.map(name => docker(['volume', 'rm', '--force', name])))
  return names.length
}
