/** What a reader says of the machines: the shape of an inventory, once its file was read. */

export interface HostEntry {
  readonly name: string
  readonly roles: readonly string[]
  /** How ssh gets there; undefined for this machine. */
  readonly ssh: SshEntry | undefined
}

export interface SshEntry {
  /** `user@host`, or a name of the reader's ssh_config. */
  readonly destination: string
  readonly port?: number
  /** Absolute path of a private key. */
  readonly identity?: string
  /** `user@host` or a name of the ssh_config. */
  readonly jump?: string
  /** Become root by sudo; `'password'` when it asks for one. */
  readonly sudo: boolean | 'password'
}

export interface HostsInventory {
  /** Path of the file, for messages. */
  readonly file: string
  /** The context of the workstation's kubeconfig that the run may use, and no other. */
  readonly context: string | undefined
  /** Path on the workstation, when it is not kubectl's own. */
  readonly kubeconfig: string | undefined
  /** Absolute path of an ssh_config to use in place of the reader's own. */
  readonly config: string | undefined
  /** What `if=` of a page asks, such as `distro: k3s`. */
  readonly facts: Readonly<Record<string, string>>
  readonly hosts: readonly HostEntry[]
}

/** Valid as it stands; printed where an inventory is expected and is none. */
export const EXAMPLE = `context: home
facts: { distro: k3s, cni: flannel }
hosts:
  lb: { ssh: root@192.168.0.46 }
  s1: { ssh: admin@192.168.0.51, sudo: true, roles: [servers] }
  s2: { ssh: admin@10.0.0.52, port: 2222, identity: ~/.ssh/home, jump: bastion, sudo: password, roles: [servers] }
  workstation: local`

/** `admin@10.0.0.52:2222 through bastion` */
export function wayTo({ destination, port, jump }: SshEntry): string {
  return `${destination}${port === undefined ? '' : `:${port}`}${jump === undefined ? '' : ` through ${jump}`}`
}
