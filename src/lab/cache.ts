/**
 * Where Proofbook keeps what is expensive to make again. Everything below one folder, so that
 * `rm -rf ~/.cache/proofbook` is all of a clean-up.
 */
import { homedir } from 'node:os'
import { join } from 'node:path'

/** `$XDG_CACHE_HOME/proofbook`, by default `~/.cache/proofbook`. Read on each call: tests move it. */
export function cacheFolder(...parts: readonly string[]): string {
  const base = process.env.XDG_CACHE_HOME
  return join(base !== undefined && base !== '' ? base : join(homedir(), '.cache'), 'proofbook', ...parts)
}

/** Finished outputs, one folder each, named `NAME-HASH`. */
export const outputs = (): string => cacheFolder('out')

/** Half-done work; a folder is named after the process that owns it. */
export const scratch = (): string => cacheFolder('tmp')

/** Logs of things that outlive a command, such as a Docker engine started by set-up. */
export const logs = (): string => cacheFolder('log')

/** Go's own caches: kept apart from the user's, and never read-only, so that they can be removed. */
export const goCaches = (): { build: string, modules: string, toolchains: string } => ({
  build: cacheFolder('go', 'build'),
  modules: cacheFolder('go', 'mod'),
  toolchains: cacheFolder('go', 'toolchains'),
})
