/** Questions to the reader, on a terminal only. */
import { createInterface } from 'node:readline/promises'
import { bytesOf } from '../run/send.ts'
import type { Planned } from '../run/plan.ts'
import type { Answer, Ask } from '../run/walk.ts'
import { paint } from './paint.ts'

/** One line from the reader, trimmed; undefined at the end of the input. Ctrl-C is told to the process as elsewhere. */
export async function question(text: string, signal: AbortSignal): Promise<string | undefined> {
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
    const commands = bytesOf(step, values).trimEnd().split('\n').map(line => `  | ${line}`)
    const target = step.action.type === 'file' ? `  writes ${step.action.path}` : ''
    const head = `Step ${steps.findIndex(({ name }) => name === step.name) + 1} of ${steps.length}  ${step.name} on ${step.on}${target}`
    process.stderr.write(`\n${paint('bold', head)}\n${commands.join('\n')}\n`)
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
