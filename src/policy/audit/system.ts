/** Namespaces of Kubernetes itself, whose pods are open on purpose; their policies are audited like any other. */
const system = new Set(['kube-system', 'kube-public', 'kube-node-lease', 'local-path-storage'])

export const isSystem = (namespace: string): boolean => system.has(namespace)
