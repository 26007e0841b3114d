/** The one cluster that a run may work on: the context of the workstation's kubeconfig that the reader named. */
import { listed } from '../../runbook/suggest.ts'
import { BadInput } from '../../runbook/errors.ts'
import { didYouMean } from '../../runbook/suggest.ts'
import type { Host } from '../target.ts'
import { HostsNotReady } from './errors.ts'

export interface Cluster {
  readonly context: string
  /** URL of the API server. */
  readonly server: string
  /** uid of the namespace kube-system, which nobody makes anew; why it is not known when the API server does not answer. */
  readonly id: string
  /** For every block on the workstation. */
  readonly env: Readonly<Record<string, string>>
}

/** Milliseconds for what kubectl answers. */
const PATIENCE = 30_000

/**
 * kubectl takes the current context from the first file of KUBECONFIG that has one, and changes a cluster in the file
 * that defines it. So a file of one line before the reader's own pins the context for this run, whatever another
 * terminal switches to, and nothing of the reader's is written.
 */
const BIND = `command -v kubectl > /dev/null || { echo no-kubectl; exit; }
own=\${OWN:-\${KUBECONFIG:-$HOME/.kube/config}}
export KUBECONFIG=\${own/#\\~/$HOME}
contexts=$(kubectl config get-contexts --output name)
grep -Fxq -- "$CONTEXT" <<< "$contexts" || { printf 'no-context\\n%s\\n%s\\n' "$KUBECONFIG" "$contexts"; exit; }
folder=\${XDG_CACHE_HOME:-$HOME/.cache}/proofbook
mkdir -p "$folder"
pin=$folder/context-$(printf %s "$CONTEXT" | cksum | cut -d ' ' -f 1).yaml
(umask 077; printf 'apiVersion: v1\\nkind: Config\\ncurrent-context: %s\\n' "$QUOTED" > "$pin")
export KUBECONFIG=$pin:$KUBECONFIG
server=$(kubectl config view --minify --output 'jsonpath={.clusters[0].cluster.server}')
id=$(kubectl get namespace kube-system --output 'jsonpath={.metadata.uid}' --request-timeout 10s 2>&1) ||
  id="not known, since it does not answer: $(tail -n 1 <<< "$id")"
printf 'bound\\n%s\\n%s\\n%s\\n' "$KUBECONFIG" "$server" "$id"
`

export interface Wanted {
  readonly context: string | undefined
  readonly kubeconfig: string | undefined
  /** Path of the inventory, for messages. */
  readonly file: string
}

/**
 * @throws BadInput when no context is named or it does not exist
 * @throws HostsNotReady when the workstation has no kubectl or does not answer
 */
export async function bindContext(workstation: Host, { context, kubeconfig, file }: Wanted, signal?: AbortSignal): Promise<Cluster> {
  const outcome = await workstation.bash(BIND, {
    timeout: PATIENCE,
    env: { CONTEXT: context ?? '', QUOTED: JSON.stringify(context ?? ''), OWN: kubeconfig ?? '' },
    ...signal ? { signal } : {},
  })
  const [verdict, ...lines] = outcome.stdout.trimEnd().split('\n')
  if (verdict === 'no-kubectl') throw new HostsNotReady([`${workstation.name}: there is no kubectl in its PATH, and the page works on the cluster from there; install it`])
  if (verdict === 'no-context') {
    const [path, ...known] = lines.filter(line => line !== '')
    const expected = known.length === 0 ? `a context of ${path} on ${workstation.name}, which has none; name another kubeconfig: in ${file}`
      : `one of ${path} on ${workstation.name}: ${listed(known)}`
    throw new BadInput(context === undefined
      ? `${file}: received no context, and the page changes a cluster with kubectl. Name it in the inventory (context: NAME): ${expected}`
      : `${file}: received context "${context}", expected ${expected}${didYouMean(context, known)}`)
  }
  const [path, server, id] = lines
  if (verdict !== 'bound' || path === undefined || server === undefined || id === undefined || context === undefined) {
    throw new HostsNotReady([`${workstation.name}: kubectl does not tell its contexts: `
      + (outcome.transportError ?? (outcome.stderr.trim().split('\n').at(-1) || `exit ${outcome.exit}`))])
  }
  return { context, server, id, env: { KUBECONFIG: path } }
}
