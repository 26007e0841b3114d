import { INOTIFY } from '../doctor/kernel.ts'
import { run } from '../images/run.ts'
import type { Action } from './action.ts'

const settings = [`fs.inotify.max_user_instances=${INOTIFY.instances}`, `fs.inotify.max_user_watches=${INOTIFY.watches}`]

/** Until the next boot: a lab raises them again. */
export const raiseInotify: Action = {
  what: `raise the kernel's inotify limits until the next boot (${settings.join(', ')})`,
  commands: [`sysctl -w ${settings.join(' ')}`],
  root: true,
  run: async (progress) => {
    await run(['sh', '-c', 'PATH=$PATH:/usr/sbin:/sbin; exec sysctl -qw "$@"', 'sh', ...settings])
    progress.note(`raised inotify limits until the next boot: ${settings.join(', ')}`)
  },
}
