import type { Transport } from './transport.ts'

/** What a login of root finds on a Debian host. */
const ROOT = {
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  HOME: '/root',
  USER: 'root',
  LOGNAME: 'root',
  SHELL: '/bin/bash',
  LANG: 'C.UTF-8',
  TERM: 'dumb',
  // bash sources ~/.bashrc when this is missing and it takes itself for a child of sshd.
  SHLVL: '1',
}

/** Root in a container, by `docker exec`. */
export function dockerTransport(container: string): Transport {
  return {
    place: `container ${container}`,
    reach: argv => ['docker', 'exec', '--interactive', '--workdir', '/root', container, ...argv],
    env: ROOT,
    cleanEnv: true,
    // Docker's own message comes last, after whatever the script printed.
    explain: ({ exit, stderr }) => stderr.trim() === ''
      ? `container ${container} stopped while a script ran in it (docker exec: exit ${exit}); see: docker ps -a`
      : `docker exec ${container}: ${stderr.trim().split('\n').at(-1)}`,
  }
}
