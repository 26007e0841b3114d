/** Questions to the reader, on a terminal only. */
import { bytesOf } from '../run/send.ts'
import type { Planned } from '../run/plan.ts'
import { Stopped } from '../run/errors.ts'
import { STATE_WORDS, type Deciding } from '../run/settle.ts'
import type { Answer, Ask } from '../run/walk.ts'
import type { RunFlags } from './commands/run.ts'
import { paint } from './paint.ts'
import { canAsk } from './terminal.ts'

/** One line from the reader, trimmed; undefined at the end of the input. Ctrl-C is told to the process as elsewhere. */
export async function question(text: string, signal: AbortSignal): Promise<string | undefined> {
  // Imported here: a run that asks nothing is spared it.
  const { createInterface } = await import('node:readline/promises')
  const reader = createInterface({ input: process.stdin, output: process.stderr })
  reader.on('SIGINT', () => process.kill(process.pid, 'SIGINT'))
  const closed = new Promise<undefined>(resolve => { reader.once('close', () => resolve(undefined)) })
  try {
    return (await Promise.race([reader.question(text, { signal }), closed]))?.trim()
  } catch (error) {
    if (signal.aborted) return undefined
    throw error
  } finally {
    reader.close()
  }
}

export async function confirm(text: string, signal: AbortSignal): Promise<boolean> {
  return /^(y|yes)?$/i.test(await question(`${text} [Y/n] `, signal) ?? 'n')
}

const ANSWERS: Readonly<Record<string, Answer>> = { '': 'run', s: 'skip', b: 'undo', q: 'stop' }

/** Asks before each step: shows the commands as they will run, and repeats until the answer is one. */
export function askBefore(plan: readonly Planned[], values: Readonly<Record<string, string>>, signal: AbortSignal): Ask {
  const steps = plan.filter(({ kind }) => kind === 'step')
  return async (step, last) => {
    const target = step.action.type === 'file' ? `  writes ${step.action.path}` : ''
    const head = `Step ${steps.findIndex(({ name }) => name === step.name) + 1} of ${steps.length}  ${step.name} on ${step.on}${target}`
    process.stderr.write(`\n${paint('bold', head)}\n${commandsOf(step, values)}\n`)
    const keys = `  Enter run · s skip · ? why${last ? ` · b undo ${last.name}` : ''} · q stop and keep the journal `
    for (;;) {
      const key = (await question(keys, signal))?.toLowerCase() ?? 'q'
      const answer = ANSWERS[key]
      if (answer !== undefined && (answer !== 'undo' || last)) return answer
      process.stderr.write(key === '?'
        ? `  ${step.why || 'The page gives no reason.'}${step.noRollback ? `\n  No way back: ${step.noRollback}` : ''}\n`
        : `  received "${key}", expected one of these keys:\n`)
    }
  }
}

/** Who is asked before a step: the reader, unless they said yes; of a destructive step a plain yes is not enough. */
export function askIn(
  plan: readonly Planned[], values: Readonly<Record<string, string>>, flags: Pick<RunFlags, 'yes' | 'allowDestructive'>, signal: AbortSignal,
): { ask?: Ask } {
  const ask = askBefore(plan, values, signal)
  if (!flags.yes) return { ask }
  if (flags.allowDestructive || !plan.some(({ destructive }) => destructive)) return {}
  return {
    async ask(step, last) {
      if (!step.destructive) return 'run'
      if (canAsk()) return ask(step, last)
      throw new Stopped(step.name, 'it is destructive, and --allow-destructive was not given')
    },
  }
}

/** Asks whether a step of which it is open was done. */
export function decideIn(signal: AbortSignal, command: 'run' | 'rollback'): Deciding {
  if (!canAsk()) return {}
  const not = command === 'run' ? 'n it is not, offer it again' : 'n it is not, leave it alone'
  return {
    async decide({ step, host, state, why }) {
      process.stderr.write(`\n${paint('bold', `Step ${step.name} on ${host}`)} ${STATE_WORDS[state]}, and ${why}.\n`)
      for (;;) {
        const key = (await question(`  Look at ${host}. d it is done · ${not} · q stop `, signal))?.toLowerCase()
        if (key === undefined || key === 'q') return undefined
        if (key === 'd') return 'done'
        if (key === 'n') return 'not-done'
        process.stderr.write(`  received "${key}", expected one of these keys:\n`)
      }
    },
  }
}

/** Asks before a step is undone: shows the commands as they will run. */
export function confirmUndo(plan: readonly Planned[], values: Readonly<Record<string, string>>, signal: AbortSignal) {
  return async (step: Planned): Promise<boolean> => {
    const rollback = plan.find(({ kind, name }) => kind === 'rollback' && name === step.name)!
    process.stderr.write(`\n${paint('bold', `Undo ${step.name} on ${rollback.on}`)}\n${commandsOf(rollback, values)}\n`)
    for (;;) {
      const key = (await question('  Enter undo · q stop and keep the journal ', signal))?.toLowerCase() ?? 'q'
      if (key === '' || key === 'q') return key === ''
      process.stderr.write(`  received "${key}", expected one of these keys:\n`)
    }
  }
}

function commandsOf(block: Planned, values: Readonly<Record<string, string>>): string {
  return bytesOf(block, values).trimEnd().split('\n').map(line => `  | ${line}`).join('\n')
}
