/**
 * Progress on standard error: one live line with a spinner and elapsed seconds on a terminal; elsewhere one plain
 * line when a stage ends, and a sign of life every 30 s.
 */
import { duration } from '../report/duration.ts'
import type { Progress } from '../report/progress.ts'
import { paint } from './paint.ts'

/** Milliseconds between two frames of the live line, and between two signs of life off a terminal. */
const FRAME = 120
const HEARTBEAT = 30_000

const SPINNER = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏']

/** Something that goes on and shows it. */
export interface Live {
  update(detail: string): void
  /** Ends it; the line stays, no line leaves nothing behind. */
  end(line?: string): void
}

export interface Screen extends Progress {
  live(label: string): Live
  /** Text that stays, above the live line. */
  print(text: string): void
}

interface Activity {
  readonly label: string
  readonly started: number
  detail: string
  lastSign: number
}

export function createProgress(stream: NodeJS.WriteStream = process.stderr): Screen {
  const active: Activity[] = []
  let timer: NodeJS.Timeout | undefined
  let frame = 0
  const clear = (): void => { if (stream.isTTY) stream.write('\r\u001B[2K') }

  const draw = (): void => {
    const current = active.at(-1)
    if (!stream.isTTY || !current) return
    const others = active.length > 1 ? ` (+${active.length - 1})` : ''
    const detail = current.detail ? `  ${current.detail}` : ''
    const line = `${current.label} … ${seconds(current)}${others}${detail}`.slice(0, Math.max(20, (stream.columns ?? 80) - 3))
    stream.write(`\r\u001B[2K${paint('cyan', SPINNER[frame++ % SPINNER.length]!, stream)} ${line}`)
  }

  const beat = (): void => {
    if (stream.isTTY) return draw()
    for (const activity of active) {
      if (performance.now() - activity.lastSign < HEARTBEAT) continue
      activity.lastSign = performance.now()
      stream.write(`${activity.label} … ${seconds(activity)} so far${activity.detail ? `: ${activity.detail}` : ''}\n`)
    }
  }

  const print = (text: string): void => {
    clear()
    stream.write(`${text}\n`)
    draw()
  }

  const live = (label: string): Live => {
    const now = performance.now()
    const activity: Activity = { label, started: now, detail: '', lastSign: now }
    active.push(activity)
    // Never keeps the process alive by itself.
    timer ??= setInterval(beat, stream.isTTY ? FRAME : 1_000).unref()
    draw()
    return {
      update: detail => { activity.detail = detail },
      end(line) {
        active.splice(active.indexOf(activity), 1)
        clear()
        if (active.length === 0) {
          clearInterval(timer)
          timer = undefined
        }
        if (line !== undefined) stream.write(`${line}\n`)
        draw()
      },
    }
  }

  return {
    live,
    print,
    note: print,
    async stage(label, work) {
      const started = performance.now()
      const line = live(label)
      const took = (): string => duration(performance.now() - started)
      try {
        const value = await work(line.update)
        line.end(`${label} … ${took()}`)
        return value
      } catch (error) {
        line.end(`${label} … ${paint('red', 'failed', stream)} after ${took()}`)
        throw error
      }
    },
  }
}

const seconds = ({ started }: Activity): string => duration(performance.now() - started)
