import { join } from 'node:path'
import { run, type RunOptions } from '../images/run.ts'
import { docker } from '../hosts/docker.ts'
import { NO_PROXIES } from '../proxy.ts'
import { LabError } from '../errors.ts'
import { kubeconfigPath } from './kind.ts'

export type Kubectl = (args: readonly string[], options?: RunOptions) => Promise<string>

/** kubectl of this machine on the lab's cluster; the reader's own kubeconfig is never looked at, nor anything of ~/.kube written. */
export const kubectlFor = (program: string, folder: string): Kubectl => (args, options) =>
  run([program, '--kubeconfig', kubeconfigPath(folder), ...args], { ...options, env: { KUBECACHEDIR: join(folder, 'kubectl'), ...NO_PROXIES, ...options?.env } })

/** Where there is nothing to talk to. */
export const noKubectl: Kubectl = async () => { throw new LabError('this lab has no cluster; its topology is of machines only') }

/** kubectl of a server, as its administrator: there before the cluster is ready. */
export const kubectlIn = (server: string, adminConfig: string): Kubectl => (args, options = {}) =>
  docker(['exec', ...(options.input === undefined ? [] : ['--interactive']), server,
    'kubectl', '--kubeconfig', adminConfig, ...args], options)
