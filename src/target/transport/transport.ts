/** How a command reaches one host. Only argument vectors: the host's bytes never pass through an argument. */
export interface Transport {
  /** For messages: `container proofbook-lab-lb`, `root@192.168.0.46`. */
  readonly place: string
  /** The local program with its arguments that runs `argv` on the host, with our standard input and outputs. */
  reach(argv: readonly string[]): readonly string[]
  /** Environment that every script finds on the host, before its own. */
  readonly env: Readonly<Record<string, string>>
  /** The script's environment starts empty, so that nothing of ours or of an image shows through. */
  readonly cleanEnv: boolean
  /** Why the host could not be reached, from what the local program said when it ended by itself. */
  explain(exit: number | null, stderr: string): string
}
