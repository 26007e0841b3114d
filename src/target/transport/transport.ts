/** How a session with one host is started. Only argument vectors: a step's bytes never pass through an argument. */
export interface Transport {
  /** For messages: `container proofbook-lab-lb`, `root@192.168.0.46`. */
  readonly place: string
  /** The local program with its arguments that runs `argv` on the host, with our standard input and outputs. */
  reach(argv: readonly string[]): readonly string[]
  /** Environment that every script finds on the host, before its own. */
  readonly env: Readonly<Record<string, string>>
  /** The script's environment starts empty, so that nothing of ours or of an image shows through. */
  readonly cleanEnv: boolean
  /** Working folder and environment of the local program; ours when not given. */
  readonly cwd?: string
  readonly localEnv?: NodeJS.ProcessEnv
  /** What the host asks before it lets us in, and the answer. Given at most once: a second question is a refusal. */
  readonly question?: Question
  /** Start each step's bash before the step comes: worth it where a step may be over within a millisecond. */
  readonly ahead?: boolean
  /** Why the host could not be reached, from what the local program said when it ended by itself. */
  explain(end: Refusal): string | Promise<string>
}

export interface Question {
  /** Comes on standard error without a line end. */
  readonly prompt: string
  /** A line without its end; undefined when nobody knows. */
  answer(): Promise<string | undefined>
}

/** How the local program ended. */
export interface Refusal {
  /** Undefined when it was ended. */
  readonly exit: number | null
  readonly stderr: string
  /** The host had let us in before. */
  readonly connected: boolean
  /** What became of the question. */
  readonly question?: 'no answer' | 'wrong answer'
}
