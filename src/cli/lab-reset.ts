/** `proofbook lab reset`: the lab as it was made, in place where that is possible. */
import { bringUp } from '../lab/lab.ts'
import { duration } from '../report/duration.ts'
import { interruptible } from './interrupt.ts'
import { existing } from './lab-command.ts'
import { print, printJson } from './output.ts'
import { createProgress } from './progress.ts'

export async function labReset({ lab: name, json }: { readonly lab: string, readonly json?: boolean }): Promise<void> {
  const started = performance.now()
  const screen = createProgress()
  using interrupt = interruptible(screen.note)
  const { signal } = interrupt
  const lab = await existing(name)
  const { pristine, differed, left } = await screen.stage(`reset lab ${name}`, () => lab.reset(signal))
  if (!pristine) {
    screen.note(`lab ${name} is made anew, since it cannot be put back in place: ${left[0]}${left.length > 1 ? ` (and ${left.length - 1} more)` : ''}`)
    const { target, topology, cni, ciliumVersion, haproxyVersion } = lab.record
    const held = { ...ciliumVersion === undefined ? {} : { ciliumVersion }, ...haproxyVersion === undefined ? {} : { haproxyVersion } }
    await bringUp({ name, target, topology, cni, ...held }, screen, { signal })
  }
  if (json) return printJson('lab reset', { lab: name, differed, left, madeAnew: !pristine })
  const how = pristine ? differed.length === 0 ? 'was pristine already' : `is pristine again: ${differed.length} facts put back` : 'was made anew'
  print(`lab ${name} ${how}, in ${duration(performance.now() - started)}`)
}
