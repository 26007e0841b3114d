/** Passwords for sudo: from the environment, else asked for once a host, before anything runs. */
import type { HostEntry } from './inventory.ts'
import { passwordVariable } from './ssh-problems.ts'

export const SUDO_VARIABLE = 'PROOFBOOK_SUDO_PASSWORD'

/** Asks on the terminal without showing what is typed; undefined when nobody answers. */
export type AskSecret = (text: string) => Promise<string | undefined>

/**
 * By host; hosts without an answer are left out. The variables leave the environment, so that no program started
 * later has them.
 */
export async function sudoPasswords(
  entries: readonly HostEntry[], ask: AskSecret | undefined, env: NodeJS.ProcessEnv = process.env,
): Promise<ReadonlyMap<string, string>> {
  const passwords = new Map<string, string>()
  for (const { name, ssh } of entries) {
    if (ssh?.sudo !== 'password') continue
    const password = env[passwordVariable(name)] ?? env[SUDO_VARIABLE]
      ?? await ask?.(`Password for sudo of ${ssh.destination} (${name}): `)
    if (password !== undefined) passwords.set(name, password)
  }
  for (const variable of Object.keys(env)) if (variable.startsWith(SUDO_VARIABLE)) delete env[variable]
  return passwords
}
