/** What Helm is told for a lab's Cilium. Keys as in the chart (install/kubernetes/cilium/values.yaml). Pure. */

export interface CiliumParameters {
  /** `1.19.7` */
  readonly version: string
  /** The cluster's own pod network: Cilium's default, 10.0.0.0/8, would take in the lab's LAN. */
  readonly podNetwork: string
  /** Whether containers of this machine can have CAP_SYS_RESOURCE; a container that asks in vain does not start. */
  readonly sysResource: boolean
  /** Where nodes look for CNI plugins and their configuration, when not in the chart's default places. */
  readonly cniPaths?: { readonly programs: string, readonly configuration: string } | undefined
}

/** The chart's defaults (securityContext.capabilities), less SYS_RESOURCE. */
const CAPABILITIES = {
  ciliumAgent: [
    'CHOWN', 'KILL', 'NET_ADMIN', 'NET_RAW', 'IPC_LOCK', 'SYS_MODULE', 'SYS_ADMIN', 'DAC_OVERRIDE', 'FOWNER', 'SETGID', 'SETUID', 'SYSLOG',
  ],
  cleanCiliumState: ['NET_ADMIN', 'SYS_MODULE', 'SYS_ADMIN'],
}

export function ciliumValues({ version, podNetwork, sysResource, cniPaths }: CiliumParameters): object {
  const image = { tag: `v${version}`, useDigest: false, pullPolicy: 'IfNotPresent' }
  return {
    image,
    operator: { replicas: 1, image },
    routingMode: 'tunnel',
    tunnelProtocol: 'vxlan',
    ipam: { mode: 'cluster-pool', operator: { clusterPoolIPv4PodCIDRList: [podNetwork], clusterPoolIPv4MaskSize: 24 } },
    // kube-proxy stays until a runbook replaces it
    kubeProxyReplacement: false,
    // No registry that a lab can count on has Envoy. Without it, an HTTP rule is accepted, not enforced, and holds up
    // every later policy of its node; but this switch also carries the DNS proxy of toFQDNs, which is the agent's own.
    envoy: { enabled: false },
    disableEnvoyVersionCheck: true,
    l7Proxy: true,
    hubble: { enabled: true, tls: { enabled: false }, relay: { enabled: true, image }, ui: { enabled: false } },
    ...cniPaths === undefined ? {} : { cni: { binPath: cniPaths.programs, confPath: cniPaths.configuration } },
    ...sysResource ? {} : { securityContext: { capabilities: CAPABILITIES } },
  }
}
