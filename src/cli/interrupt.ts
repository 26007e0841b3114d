import { Interrupted } from '../run/errors.ts'

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

let interrupted = false

/** Whether a signal came: an error that follows is its consequence. */
export const wasInterrupted = (): boolean => interrupted

/**
 * A signal that aborts on the first Ctrl-C, while the work cleans up after itself. Later ones are only told what goes
 * on: leaving half a lab behind is worse than waiting.
 */
export function interruptible(tell: (line: string) => void): { readonly signal: AbortSignal, [Symbol.dispose](): void } {
  const controller = new AbortController()
  const onSignal = (): void => {
    tell(controller.signal.aborted ? 'still cleaning up, please wait' : 'interrupted: ending what runs and cleaning up')
    interrupted = true
    controller.abort(new Interrupted())
  }
  for (const name of SIGNALS) process.on(name, onSignal)
  return {
    signal: controller.signal,
    [Symbol.dispose]: () => { for (const name of SIGNALS) process.off(name, onSignal) },
  }
}
