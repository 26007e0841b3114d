/** Looks at this machine and says what a lab would find: facts first, then what they mean. Changes nothing. */
import { clockFindings, packagesAhead } from './doctor/clock.ts'
import { dockerFacts, dockerFindings } from './doctor/docker.ts'
import type { Finding } from './doctor/finding.ts'
import { buildsFor, imageFacts, imageFindings } from './doctor/images.ts'
import { kernelFacts, kernelFindings } from './doctor/kernel.ts'
import { machineFacts, machineFindings } from './doctor/machine.ts'
import { toolFacts, toolFindings } from './doctor/tools.ts'

export { PreflightError, type Finding } from './doctor/finding.ts'

/** Everything that doctor looks at, in the order in which a reader would go about it. */
export async function diagnose(): Promise<Finding[]> {
  const [machine, docker, kernel, tools, packages] = await Promise.all([machineFacts(), dockerFacts(), kernelFacts(), toolFacts(), packagesAhead()])
  const images = await imageFacts(docker.engine !== undefined)
  const builds = buildsFor(images)
  return [
    ...machineFindings(machine, builds.go),
    ...clockFindings('the server of Go modules', packages),
    ...dockerFindings(docker),
    ...kernelFindings(kernel),
    ...imageFindings(images),
    ...toolFindings(tools, builds),
  ]
}
