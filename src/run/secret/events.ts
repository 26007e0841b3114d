/** The events of a run with every secret taken out: what is behind this has never seen one. */
import type { Emit, RunEvent } from '../events.ts'
import type { Masker, Masks } from './mask.ts'

export function maskedEvents(masks: Masks, emit: Emit): Emit {
  const streams = new Map<string, Masker>()
  /** What was held back of a block's output, in case that it was the beginning of a secret. */
  const flush = ({ name, host }: { readonly name: string, readonly host: string }): void => {
    const chunk = streams.get(`${name} ${host}`)?.flush() ?? ''
    if (chunk !== '') emit({ event: 'output', name, host, chunk })
  }
  return (event: RunEvent) => {
    if (event.event === 'output') {
      const key = `${event.name} ${event.host}`
      let stream = streams.get(key)
      if (stream === undefined) streams.set(key, stream = masks.stream())
      const chunk = stream.push(event.chunk)
      return chunk === '' ? undefined : emit({ ...event, chunk })
    }
    if (event.event === 'attempt') flush(event)
    if (event.event === 'end') {
      flush(event.block)
      streams.delete(`${event.block.name} ${event.block.host}`)
    }
    return emit(masks.deep(event))
  }
}
