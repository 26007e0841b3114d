/** `proofbook lab up | status | down | power`. */
import { LabError } from '../lab/errors.ts'
import { bringUp, down, find, type Lab, type LabStatus } from '../lab/lab.ts'
import { whyOther } from '../target/kind.ts'
import { reap } from '../lab/reap/reap.ts'
import { setup } from '../lab/setup.ts'
import { confirm } from './ask.ts'
import { interruptible } from './interrupt.ts'
import { specOf, type UpFlags } from './lab-spec.ts'
import { columns, print, printJson } from './output.ts'
import { createProgress } from './progress.ts'
import { canAsk } from './terminal.ts'

type Flags = Pick<UpFlags, 'lab' | 'json'>

export async function labUp(flags: UpFlags): Promise<void> {
  const { lab: name, yes, json } = flags
  const spec = specOf(flags)
  const screen = createProgress()
  using interrupt = interruptible(screen.note)
  const { signal } = interrupt
  await setup(screen, {
    yes: yes === true || Boolean(process.env.CI),
    ...canAsk() ? { confirm: (text: string) => confirm(text, signal) } : {},
    cni: spec.cni,
    ...spec.ciliumVersion === undefined ? {} : { ciliumVersion: spec.ciliumVersion },
    ...spec.haproxyVersion === undefined ? {} : { haproxyVersion: spec.haproxyVersion },
    signal,
  })
  await reap(screen)
  const there = await find(name)
  const why = there === undefined ? [] : whyOther(there, spec)
  if (why.length > 0) throw new LabError(`lab ${name} is up and another one: ${why.join('; ')}. Remove it: npx proofbook lab down --lab ${name}; or name a new one with --lab`)
  const well = there !== undefined && (await there.healthy()).length === 0
  const lab = well ? there : await bringUp(spec, screen, { signal })
  const status = await lab.status()
  if (json) return printJson('lab up', { lab: status, created: !well })
  print(`lab ${name} ${well ? 'was up already' : 'is up'}\n${statusText(status)}`)
}

export async function labStatus({ lab: name, json }: Flags): Promise<void> {
  const status = await (await find(name))?.status()
  if (!status || status.problems.length > 0) process.exitCode = 3
  if (json) return printJson('lab status', { lab: status ?? null })
  print(status ? statusText(status) : `no lab "${name}" is up`)
}

export async function labDown({ lab: name, json }: Flags): Promise<void> {
  await createProgress().stage(`remove lab ${name}`, () => down(name))
  if (json) printJson('lab down', { lab: name })
}

export async function labPower(action: 'cut' | 'off' | 'on', host: string, { lab: name, json }: Flags): Promise<void> {
  const lab = await existing(name)
  await createProgress().stage(`power ${action} ${host}`, () => lab.power(action, host))
  if (json) printJson('lab power', { lab: name, action, host })
}

/** @throws LabError when there is none of that name */
export async function existing(name: string): Promise<Lab> {
  const lab = await find(name)
  if (lab) return lab
  throw new LabError(`no lab "${name}" is up; bring it up: npx proofbook lab up${name === 'lab' ? '' : ` --lab ${name}`}`)
}

function statusText({ target, hosts, kubernetes, cni, createdAt, folder, egress, problems }: LabStatus): string {
  return [
    `${target}, Kubernetes ${kubernetes}, CNI ${cni}, up since ${createdAt}, files in ${folder}`,
    egress === 'open' ? 'open: packets of nodes may leave this machine (--egress)' : 'closed: no packet of it leaves this machine',
    columns(hosts.map(({ name, address, roles, state, container }) => [name, address, state, roles.join(','), container])),
    ...problems.length === 0 ? ['no problems'] : problems.map(problem => `problem: ${problem}`),
  ].join('\n')
}
