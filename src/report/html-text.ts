export function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}

/** Sequences that programs write to a terminal: CSI (colours, cursor) and OSC (titles, links). */
// oxlint-disable-next-line no-control-regex
const SEQUENCE = /\u001B(?:\[([0-9;]*)([ -/]*[@-~])|\][^\u0007\u001B]*(?:\u0007|\u001B\\))/g

const COLOURS = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white']

/** What a program printed as HTML: the eight colours and bold stay, every other sequence goes. */
export function terminal(text: string): string {
  const out: string[] = []
  let style = ''
  let at = 0
  const put = (end: number): void => {
    const part = escapeHtml(text.slice(at, end).replaceAll(/[\u0000-\u0008\u000B-\u001A\u001C-\u001F]/g, ''))
    if (part !== '') out.push(style === '' ? part : `<span class="${style}">${part}</span>`)
  }
  for (const match of text.matchAll(SEQUENCE)) {
    put(match.index)
    at = match.index + match[0].length
    if (match[2] === 'm') style = styleOf(match[1] ?? '', style)
  }
  put(text.length)
  return out.join('').replaceAll('\u001B', '')
}

/** Select Graphic Rendition (ECMA-48 8.3.117): the parameters that terminals agree on. */
function styleOf(parameters: string, before: string): string {
  const classes = new Set(before.split(' ').filter(Boolean))
  for (const code of (parameters || '0').split(';').map(Number)) {
    if (code === 0) classes.clear()
    else if (code === 1) classes.add('bold')
    else if (code === 22) classes.delete('bold')
    const colour = COLOURS[code - (code >= 90 ? 90 : 30)]
    if (colour === undefined && code !== 39) continue
    for (const name of COLOURS) classes.delete(name)
    if (colour !== undefined) classes.add(colour)
  }
  return [...classes].join(' ')
}
