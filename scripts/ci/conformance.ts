/** A lab, what its network does, and Kubernetes' own test program: each must hold before the next is asked. */
import { proofbook } from '../../.github/actions/lib.ts'

const lab = ['--lab', 'conformance']
const commands = [
  ['lab', 'up', ...lab, '--topology', 'cluster', '--cni', 'flannel', '--yes'],
  ['lab', 'probe', ...lab, '--expect', 'not-enforced'],
  ['lab', 'conformance', ...lab, '--junit', '.proofbook/conformance.xml'],
]

process.exitCode = commands.reduce((exit, args) => exit === 0 ? proofbook(args, { show: true }).exit : exit, 0)
proofbook(['lab', 'down', ...lab], { show: true })
