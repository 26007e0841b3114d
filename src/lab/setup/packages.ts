/** Debian packages. */
import { existsSync, readFileSync } from 'node:fs'
import { ask, OUTLIVES, run } from '../images/run.ts'
import type { Action } from './action.ts'
import type { SetupFacts } from './facts.ts'

/** Packages that are missing; nothing more than a lab, or the builds that are left to do, needs. */
export function missingPackages({ docker, tools, builds }: Pick<SetupFacts, 'docker' | 'tools' | 'builds'>): string[] {
  return [
    ...docker.engine === undefined && !docker.installed ? ['docker.io', 'iptables', 'iproute2', 'ca-certificates', ...apparmor()] : [],
    ...builds?.debian === true && !tools.mmdebstrap ? ['mmdebstrap'] : [],
    ...builds?.c === true && !tools.compiler ? ['gcc', 'libc6-dev'] : [],
    ...builds?.c === true && !tools.seccomp ? ['libseccomp-dev', 'pkg-config'] : [],
    // any Go can fetch the one that is needed
    ...builds?.go === true && tools.go === undefined && tools.oldGo === undefined ? ['golang-go', 'ca-certificates'] : [],
  ]
}

/** Docker loads a profile where the kernel enforces them, and cannot start a container without the parser. */
function apparmor(): string[] {
  const switched = '/sys/module/apparmor/parameters/enabled'
  return existsSync(switched) && readFileSync(switched, 'utf8').startsWith('Y') ? ['apparmor'] : []
}

const flags = ['--yes', '--no-install-recommends']

export function installPackages(packages: readonly string[]): Action {
  return {
    what: `install ${packages.join(', ')}`,
    commands: ['apt-get update', `apt-get install ${flags.join(' ')} ${packages.join(' ')}`],
    root: true,
    run: (progress, signal) => progress.stage(`install ${packages.join(', ')}`, async (update) => {
      const options = {
        ...signal === undefined ? {} : { signal },
        // a package may start its service
        env: { DEBIAN_FRONTEND: 'noninteractive', ...OUTLIVES },
        onOutput: (line: string) => { update(line.slice(0, 100)) },
      }
      await run(['apt-get', 'update'], options)
      // since Debian 13 the client is a package of its own
      const client = packages.includes('docker.io') && await ask(['docker', '--version']) === undefined
        && await ask(['apt-cache', 'show', 'docker-cli']) !== undefined
      await run(['apt-get', 'install', ...flags, ...packages, ...client ? ['docker-cli'] : []], options)
    }),
  }
}
