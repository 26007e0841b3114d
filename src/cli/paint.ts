import { styleText } from 'node:util'

export type Colour = 'red' | 'green' | 'yellow' | 'cyan' | 'dim' | 'bold'

/** Node decides from the stream, NO_COLOR and FORCE_COLOR; asked once a stream, since it takes longer than a step's journal. */
const coloured = new WeakMap<NodeJS.WriteStream, boolean>()

export function paint(colour: Colour, text: string, stream: NodeJS.WriteStream = process.stderr): string {
  const shows = coloured.get(stream) ?? styleText('red', 'x', { stream }) !== 'x'
  coloured.set(stream, shows)
  return shows ? styleText(colour, text, { validateStream: false }) : text
}
