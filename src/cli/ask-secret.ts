import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'

/** One line from the terminal that is not shown, neither as it is typed nor later; undefined at the end of the input. */
export async function askSecret(text: string, signal: AbortSignal): Promise<string | undefined> {
  const nowhere = new Writable({ write: (_, __, done) => { done() } })
  // A terminal that readline works on does not echo by itself, and what readline echoes goes nowhere.
  const reader = createInterface({ input: process.stdin, output: nowhere, terminal: true, historySize: 0 })
  // Only now: a secret that is pasted at once must not find the terminal still echoing.
  process.stderr.write(text)
  reader.on('SIGINT', () => process.kill(process.pid, 'SIGINT'))
  const closed = new Promise<undefined>(resolve => { reader.once('close', () => resolve(undefined)) })
  try {
    return await Promise.race([reader.question('', { signal }), closed])
  } catch (error) {
    if (signal.aborted) return undefined
    throw error
  } finally {
    reader.close()
    process.stderr.write('\n')
  }
}
