/** A command of proofbook that tries the steps of one page, as TRIAL has it: `abort cni/flannel-to-cilium`. */
import { proofbook } from '../../.github/actions/lib.ts'

const { TRIAL = '' } = process.env
process.exitCode = proofbook([...TRIAL.split(' '), '--yes'], { show: true }).exit
