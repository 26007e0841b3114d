/**
 * How long work tells where it is. The CLI shows it (spinner on a terminal, one plain line a stage elsewhere);
 * tests collect it. Progress never goes to standard output.
 */
export interface Progress {
  /**
   * Runs `work` under a label with its elapsed time; the label is one line, e.g. `build Kubernetes v1.36.4`.
   * `work` may call `update` with what it is doing now, and returns the value that `stage` returns.
   */
  stage<T>(label: string, work: (update: (detail: string) => void) => Promise<T>): Promise<T>
  /** One line that stays: an adaptation to the machine, a warning, where something was written. */
  note(line: string): void
}
