/** One run at a time on a host, whoever's: a file on the host itself, since another reader has another state folder. */
import type { Host } from '../target/target.ts'
import { holderOf, Locked, mayTake, refusal, type Holder } from './lock-holder.ts'

/** The first of these that can be written to; both are emptied by a reboot, /run/lock on Debian, Ubuntu, SUSE and Arch. */
const FOLDERS = ['/run/lock', '/tmp'] as const

/** Milliseconds for one host. */
const PATIENCE = 15_000

/** With noclobber bash makes the file itself or not at all (O_EXCL), also where a link of that name lies. */
const TAKE = `for folder in $FOLDERS; do [[ -d $folder && -w $folder ]] && break; done
lock=$folder/proofbook.lock
if [[ -n $OVER && -e $lock && $(cat "$lock") == "$OVER" ]]; then rm -f "$lock"; fi
if (umask 022; set -o noclobber; printf '%s' "$HOLDER" > "$lock") 2>/dev/null || [[ $(cat "$lock") == "$HOLDER" ]]; then echo taken
elif [[ -e $lock ]]; then echo held; cat "$lock"
else echo "neither of $FOLDERS can be written to" >&2; fi
`

const RELEASE = `for folder in $FOLDERS; do
  lock=$folder/proofbook.lock
  if [[ -e $lock && $(cat "$lock") == "$HOLDER" ]]; then rm -f "$lock"; fi
done
`

export interface HostLockOptions {
  readonly hosts: readonly Host[]
  readonly run: string
  readonly breakStale?: boolean
  /** In place of FOLDERS. */
  readonly folders?: readonly string[]
}

/**
 * Takes the lock of every host or none.
 * @throws Locked naming who holds it, or why it cannot be taken
 */
export async function lockHosts({ hosts, run, breakStale = false, folders = FOLDERS }: HostLockOptions): Promise<AsyncDisposable> {
  const holder = JSON.stringify(holderOf(run))
  const env = { FOLDERS: folders.join(' '), HOLDER: holder }
  const taken: Host[] = []
  const release = async (): Promise<void> => {
    // A host that has gone away has nothing to release, or it is told to the next one.
    await Promise.all(taken.map(host => host.bash(RELEASE, { timeout: PATIENCE, env })))
  }
  try {
    for (const host of hosts) {
      await takeOn(host, env, { run, breakStale })
      taken.push(host)
    }
  } catch (error) {
    await release()
    throw error
  }
  return { [Symbol.asyncDispose]: release }
}

async function takeOn(host: Host, env: Readonly<Record<string, string>>, { run, breakStale }: { run: string, breakStale: boolean }): Promise<void> {
  let over = ''
  for (;;) {
    const { stdout, stderr, transportError } = await host.bash(TAKE, { timeout: PATIENCE, env: { ...env, OVER: over } })
    const [word, ...rest] = stdout.split('\n')
    if (word === 'taken') return
    if (word !== 'held') throw new Locked(`${host.name}: no lock can be made there: ${transportError ?? (stderr.trim() || 'no answer')}`)
    const text = rest.join('\n').replace(/\n$/, '')
    const held = parsed(text)
    // Once only: whoever took it meanwhile is at work.
    if (over !== '' || !mayTake(held, run, breakStale)) throw new Locked(refusal(`${host.name} (${host.address ?? 'this machine'})`, held))
    over = text
  }
}

function parsed(text: string): Holder | undefined {
  try {
    return JSON.parse(text) as Holder
  } catch {
    return undefined
  }
}
