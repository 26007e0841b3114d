/** What the exit code of every command means. */
export const exitCodeMeanings: Readonly<Record<number, string>> = {
  0: 'It held',
  1: 'A step failed',
  2: 'The command line, a value or a page is wrong; nothing was started',
  3: 'This machine lacks something, or something needs your decision: nothing was started, or it was stopped',
  4: 'The lab broke: no verdict on the page',
  130: 'You interrupted it',
}
