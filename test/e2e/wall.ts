/** What goes through a lab's wall and what does not, counted by the machine's own packet filter. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { hostRef } from '../../src/lab/images/host-supply.ts'

const run = promisify(execFile)

/** Runs a command in the machine's own network, as root there. */
export async function onMachine(command: string, ...args: string[]): Promise<string> {
  const { stdout } = await run('docker', ['run', '--rm', '--network', 'host', '--cap-add', 'NET_ADMIN', '--cap-add', 'NET_RAW', '--entrypoint', command, hostRef, ...args])
  return stdout
}

export interface Count extends AsyncDisposable {
  packets(): Promise<number>
}

/** Packets to that address which pass the machine by any link but that bridge, from now on. */
export async function countLeaving(address: string, bridge: string): Promise<Count> {
  const rule = ['-d', address, '!', '-o', bridge, '-m', 'comment', '--comment', 'proofbook test']
  await onMachine('iptables', '--wait', '-t', 'mangle', '-I', 'POSTROUTING', ...rule)
  return {
    async packets() {
      const table = await onMachine('iptables', '--wait', '-t', 'mangle', '-nvxL', 'POSTROUTING')
      return counter(table, line => line.includes('proofbook test') && line.includes(address) && line.includes(bridge))
    },
    [Symbol.asyncDispose]: async () => { await onMachine('iptables', '--wait', '-t', 'mangle', '-D', 'POSTROUTING', ...rule) },
  }
}

/** Packets that the wall of that lab refused so far. */
export async function refusedBy(lab: string): Promise<number> {
  return counter(await onMachine('iptables', '--wait', '-nvxL', 'DOCKER-USER'), line => line.includes(`/* proofbook.lab=${lab} */`))
}

/** NaN when there is no such rule: no comparison holds then. */
const counter = (table: string, is: (line: string) => boolean): number =>
  Number(table.split('\n').find(is)?.trim().split(/\s+/)[0])
