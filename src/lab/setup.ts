/** Makes this machine ready for labs: installs and starts what is missing, after asking once. */
import type { Progress } from '../report/progress.ts'
import { dockerFindings } from './doctor/docker.ts'
import { PreflightError, type Finding } from './doctor/finding.ts'
import { cgroups } from './doctor/kernel.ts'
import { machineFindings } from './doctor/machine.ts'
import { heldReleases } from './images/cilium/release.ts'
import { haproxyRelease } from './images/haproxy.ts'
import type { Action } from './setup/action.ts'
import { setupFacts, type SetupFacts } from './setup/facts.ts'
import { plan } from './setup/plan.ts'

export { PreflightError } from './doctor/finding.ts'

export interface SetupOptions {
  /** Installs without asking. `CI=true` in the environment says so too. */
  readonly yes: boolean
  /** Asks on a terminal; left out where there is none. */
  readonly confirm?: (question: string) => Promise<boolean>
  readonly signal?: AbortSignal
  /** The network of the lab that this is for, and which Cilium: their builds may need more. */
  readonly cni?: string
  readonly ciliumVersion?: string
  /** Which HAProxy its hosts are to offer. */
  readonly haproxyVersion?: string
}

/**
 * Under a second when nothing is missing.
 * @throws PreflightError (exit 3) when something is missing and may not, or cannot, be installed: it lists the commands
 */
export async function setup(progress: Progress, options: SetupOptions): Promise<void> {
  const releases = heldReleases(options)
  const haproxy = haproxyRelease(options.haproxyVersion)
  let agreed = options.yes || process.env.CI === 'true'
  // twice: only an engine that answers can tell which images are there, and so what is left to build
  for (const pass of ['engine', 'builds']) {
    const facts = await setupFacts(releases, haproxy)
    refuseImpossible(facts)
    const actions = plan(facts)
    if (actions.length === 0 && (facts.builds !== undefined || pass === 'builds')) return
    refuseWithoutRights(facts, actions)
    agreed ||= await agree(facts, actions, options)
    for (const action of actions) {
      options.signal?.throwIfAborted()
      await action.run(progress, options.signal)
    }
  }
}

function refuseImpossible({ machine, docker, kernel, builds }: SetupFacts): void {
  const here = [...machineFindings(machine, builds?.go === true), cgroups(kernel.cgroup), ...dockerFindings(docker)]
  const hopeless = here.filter(({ state, fix }) => state === 'missing' && fix !== 'proofbook setup')
  if (hopeless.length > 0) throw new PreflightError(hopeless.map(line).join('\n'), hopeless)
}

/** What only root may do, or only apt-get can, is for the reader to do: with the exact commands. */
function refuseWithoutRights({ machine }: SetupFacts, actions: readonly Action[]): void {
  const privileged = actions.filter(({ root }) => root)
  if (privileged.length === 0 || machine.root && machine.debian) return
  const packages = actions.some(({ commands }) => commands.some((command) => command.startsWith('apt-get')))
  if (machine.root && !packages) return
  const why = machine.debian ? 'set-up needs root for this' : 'set-up installs packages on Debian and Ubuntu only; install the like of these'
  const sudo = machine.root ? '' : 'sudo '
  throw unmet(`${why}:`, privileged, (command) => `${sudo}${command}`)
}

async function agree(facts: SetupFacts, actions: readonly Action[], { confirm }: SetupOptions): Promise<true> {
  const later = facts.builds === undefined ? ['where no image registry answers: install what builds the images (mmdebstrap, gcc, Go)'] : []
  const list = [...actions.map(({ what }) => what), ...later].map((what) => `  - ${what}`).join('\n')
  if (confirm === undefined) {
    throw unmet('this machine is not ready for labs, and nobody is here to ask. Say --yes (or CI=true), or type:', actions, (command) => command)
  }
  if (await confirm(`Proofbook will\n${list}\nGo on?`)) return true
  throw unmet('nothing was installed. By hand:', actions, (command) => command)
}

function unmet(message: string, actions: readonly Action[], typed: (command: string) => string): PreflightError {
  const commands = actions.flatMap((action) => action.commands.map(typed))
  const findings = actions.map(({ what, commands: fixes }): Finding =>
    ({ name: 'set-up', state: 'missing', detail: what, fix: fixes.map(typed).join(' && ') }))
  return new PreflightError([message, ...commands.map((command) => `  ${command}`)].join('\n'), findings)
}

const line = ({ name, detail, fix }: Finding): string => `${name}: ${detail}${fix === undefined ? '' : `\n  try: ${fix}`}`
