/** What a probe needs of kubectl: its standard output, or a throw when it fails. The lab's own is one of these. */
export type Kubectl = (args: readonly string[], options?: {
  readonly input?: string
  readonly signal?: AbortSignal
  /** Milliseconds. */
  readonly timeout?: number
}) => Promise<string>
