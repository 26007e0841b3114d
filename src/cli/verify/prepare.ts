/** This machine as labs need it, before the first one is made. */
import { setup } from '../../lab/setup.ts'
import { Interrupted } from '../../run/errors.ts'
import { confirm } from '../ask.ts'
import type { Screen } from '../progress.ts'
import { canAsk } from '../terminal.ts'

/** @throws Interrupted; whatever setup misses and may not install */
export async function prepare(screen: Screen, { yes }: { readonly yes?: boolean }, signal: AbortSignal): Promise<void> {
  await setup(screen, {
    yes: yes === true || Boolean(process.env.CI),
    ...canAsk() ? { confirm: (text: string) => confirm(text, signal) } : {},
    signal,
  })
  if (signal.aborted) throw new Interrupted()
}
