/** Machines that a run needs are not as they must be; nothing has run. One line a host, each with what to try next. */
export class HostsNotReady extends Error {
  override readonly name = 'HostsNotReady'
  readonly exitCode = 3

  constructor(problems: readonly string[]) {
    super(problems.length === 1 ? problems[0] : `${problems.length} hosts cannot be used:\n${problems.map(problem => `  ${problem}`).join('\n')}`)
  }
}
