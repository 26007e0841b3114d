/** Everything that an audit can find: how grave it is, what it means and what to do. The order is that of the documentation. */
import type { Severity } from './model.ts'

interface AuditRule {
  readonly severity: Severity
  readonly means: string
  readonly todo: string
}

/** Error: the policy cannot do what it says. Warning: it opens more, or closes more, than is often meant. */
export const rules = {
  'selects-nothing': {
    severity: 'error', means: 'the policy is about no pod, and neither allows nor denies anything',
    todo: 'compare podSelector with the labels of the pods: kubectl get pods --show-labels',
  },
  'ignored-rules': {
    severity: 'error', means: 'rules of a direction that policyTypes does not name do nothing, an empty list of them too',
    todo: 'name the direction in policyTypes, or remove the rules',
  },
  'empty-list': {
    severity: 'error', means: 'an empty list allows all, not none',
    todo: 'write who may, or remove the whole rule to allow nobody',
  },
  'undoes-others': {
    severity: 'error', means: 'policies add up: this one rule opens what others close for the same pods',
    todo: 'name peers and ports in the rule, or narrow podSelector',
  },
  'allows-all': {
    severity: 'warning', means: 'the pods are as open in this direction as without any policy',
    todo: 'name peers and ports in the rule, or remove the policy',
  },
  'every-namespace': {
    severity: 'warning', means: 'an empty namespaceSelector means pods of all namespaces, also of those that come later',
    todo: 'select namespaces by kubernetes.io/metadata.name, or leave namespaceSelector out to mean the policy\'s own',
  },
  'two-items': {
    severity: 'warning', means: 'two items of the list are joined by "or": the whole namespace, or these pods here',
    todo: 'if pods of that namespace were meant, remove the second dash, so that both selectors are one item',
  },
  'no-such-port': {
    severity: 'error', means: 'a name is looked up among the ports of the receiving containers, and none of them has it',
    todo: 'take a name of containers[].ports, or a number',
  },
  'port-of-the-service': {
    severity: 'error', means: 'policies see a packet after the Service is translated: this port never comes by',
    todo: 'take the port on which the container listens',
  },
  'port-not-declared': {
    severity: 'warning', means: 'no container of the receivers declares this port, so perhaps nobody listens there',
    todo: 'take a port of containers[].ports, or declare it there',
  },
  'half-open': {
    severity: 'error', means: 'a connection needs the leave of both sides, and the other one denies all that this rule allows',
    todo: 'add the other half: egress at the sender, ingress at the receiver',
  },
  'peer-nobody': {
    severity: 'warning', means: 'the selectors of this peer match no pod: the rule lets nobody in',
    todo: 'compare them with the labels: kubectl get namespaces,pods --all-namespaces --show-labels',
  },
  'block-of-pods': {
    severity: 'error', means: 'pods change their addresses, and networks such as Cilium never match a pod by its address',
    todo: 'select pods by labels; ipBlock is for machines outside of the cluster',
  },
  'block-covers-pods': {
    severity: 'warning', means: 'kube-router and Calico let all pods pass by it, Cilium none',
    todo: 'leave the pods out with except, and name those that may by labels',
  },
  'types-left-out': {
    severity: 'warning', means: 'without policyTypes and without rules for egress a policy is about ingress alone',
    todo: 'write policyTypes: [Ingress, Egress], or [Ingress] to say that egress is to stay open',
  },
  'ingress-only-deny': {
    severity: 'warning', means: 'denied is what comes in; the pods may still send everything out',
    todo: 'add Egress to policyTypes, and a policy that allows DNS',
  },
  'no-dns': {
    severity: 'warning', means: 'these pods may not ask DNS, so that every name fails after some seconds',
    todo: 'allow egress to the pods k8s-app=kube-dns of kube-system on port 53, UDP and TCP',
  },
  'unselected': {
    severity: 'warning', means: 'beside isolated pods this one is open in both directions',
    todo: 'add a policy with podSelector: {} that denies all, then allow what it needs',
  },
  'open-namespace': {
    severity: 'warning', means: 'no policy is in this namespace: every pod of the cluster reaches its pods',
    todo: 'begin with a policy that denies all: podSelector: {}, policyTypes: [Ingress, Egress]',
  },
  'host-network': {
    severity: 'note', means: 'the pod is on the network of its node, and NetworkPolicy says nothing about it',
    todo: 'close its ports with the firewall of the node',
  },
  'not-read': {
    severity: 'note', means: 'it is of the network\'s own API: its pods count as selected, and what it allows was not looked at',
    todo: 'measure what it does: proofbook policy matrix, or the page about CiliumNetworkPolicy',
  },
  'nothing-known': {
    severity: 'note', means: 'without pods of this namespace nothing can be said about what its policies select',
    todo: 'add the files of its workloads, or audit the cluster',
  },
} as const satisfies Record<string, AuditRule>

export type RuleName = keyof typeof rules
