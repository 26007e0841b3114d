/** `power-main FOLDER ACTION HOST`: what the command `power` of a lab starts. */
import { LabError } from './errors.ts'
import { powerActions, type PowerAction } from './hosts/power.ts'
import { open } from './lab.ts'

const [folder = '', action = '', host = ''] = process.argv.slice(2)
const started = performance.now()
try {
  if (!powerActions.includes(action as PowerAction) || host === '') {
    throw new LabError(`received "power ${[action, host].join(' ').trim()}", expected: power ${powerActions.join('|')} HOST`)
  }
  const lab = await open(folder)
  if (lab === undefined) throw new LabError(`there is no lab in ${folder} any more`)
  await lab.power(action as PowerAction, host)
  console.log(`${host} ${action === 'on' ? 'is on' : action === 'cut' ? 'is cut' : 'is off'} (${((performance.now() - started) / 1000).toFixed(1)} s)`)
} catch (error) {
  console.error(`power: ${error instanceof LabError ? error.message : (error as Error).stack}`)
  process.exitCode = error instanceof LabError && !powerActions.includes(action as PowerAction) ? 2 : 1
}
