/**
 * Proxies are for what Proofbook fetches, never for a lab: by a proxy no host of the lab is reached, and what goes
 * through one of this machine leaves it, whatever the firewall says.
 */
import { mkdir, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'

const NAMES = ['http_proxy', 'https_proxy', 'all_proxy', 'ftp_proxy', 'no_proxy'].flatMap(name => [name, name.toUpperCase()])

/** For `env`: kind and k3d hand what is set on to their nodes. */
export const NO_PROXIES: Readonly<Record<string, string>> = Object.fromEntries(NAMES.map(name => [name, '']))

/** The variables that are set, but for those that only make exceptions. */
export const proxiesIn = (env: NodeJS.ProcessEnv): string[] =>
  NAMES.filter(name => (env[name] ?? '') !== '' && !/^no_proxy$/i.test(name))

/**
 * Docker's client adds the proxies of its settings to every container that it starts, those of kind too. For `env`:
 * settings without them, where there are any. Neither are credentials taken over: nothing is pulled with these.
 * Source: docs.docker.com/engine/cli/proxy
 */
export async function dockerWithoutProxies(folder: string): Promise<Record<string, string>> {
  const theirs = process.env.DOCKER_CONFIG ?? join(homedir(), '.docker')
  const settings = JSON.parse(await readFile(join(theirs, 'config.json'), 'utf8').catch(() => '{}')) as { proxies?: object, currentContext?: string }
  if (settings.proxies === undefined) return {}
  const ours = join(folder, 'docker')
  await rm(ours, { recursive: true, force: true })
  await mkdir(ours, { recursive: true, mode: 0o700 })
  const { currentContext } = settings
  await writeFile(join(ours, 'config.json'), JSON.stringify(currentContext === undefined ? {} : { currentContext }))
  if ((await readdir(theirs)).includes('contexts')) await symlink(join(theirs, 'contexts'), join(ours, 'contexts'))
  return { DOCKER_CONFIG: ours }
}
