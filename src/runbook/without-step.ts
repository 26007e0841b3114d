/** A page as a reader has it who passes over one step. Pure. */
import { BadInput } from './errors.ts'
import type { Block, Runbook } from './model.ts'
import { didYouMean } from './suggest.ts'

/** Steps by name, in page order. */
export const stepsOf = ({ blocks }: Pick<Runbook, 'blocks'>): Block[] => blocks.filter(({ kind }) => kind === 'step')

/** @throws BadInput when there is no such step */
export function stepNamed(runbook: Pick<Runbook, 'blocks' | 'path'>, name: string): Block {
  const steps = stepsOf(runbook)
  const step = steps.find(one => one.name === name)
  if (step) return step
  const names = steps.map(one => one.name)
  throw new BadInput(`received the step ${name}, expected one of ${runbook.path}: ${names.join(', ')}${didYouMean(name, names)}`)
}

/**
 * The step does nothing where it was, and has nothing to undo: what needs it still has it to wait for.
 * @throws BadInput when there is no such step
 */
export function withoutStep(runbook: Runbook, name: string): Runbook {
  stepNamed(runbook, name)
  return {
    ...runbook,
    blocks: runbook.blocks.filter(block => block.kind !== 'rollback' || block.name !== name)
      .map(block => block.kind === 'step' && block.name === name ? leftOut(block) : block),
  }
}

/** Its own output and captured value go with it: a step that fails for want of them would be caught by itself, and by no check. */
function leftOut({ output: _, capture: __, ready: ___, polling: ____, ...block }: Block): Block {
  return { ...block, language: 'bash', action: { type: 'bash' }, text: 'true\n', exit: 0, background: false, noRollback: 'left out' }
}
