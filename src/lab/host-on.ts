import { LabError } from './errors.ts'
import { inspect } from './hosts/docker.ts'
import type { Lab } from './lab.ts'

/** The container of a host that can be asked something. @throws LabError when there is none, or it is off */
export async function hostThatIsOn(lab: Lab, host: string): Promise<string> {
  const container = lab.container(host)
  const state = await inspect(container)
  if (state?.running === true) return container
  const named = lab.name === 'lab' ? '' : ` --lab ${lab.name}`
  throw new LabError(state === undefined
    ? `${host}: its container ${container} is gone; make the lab anew: proofbook lab down${named}, then proofbook lab up${named}`
    : `${host} is off; switch it on: proofbook lab power on ${host}${named}`)
}
