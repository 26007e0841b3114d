/** Writes another release where a pin stands. Pure: texts in, texts out. */
import { BadInput } from '../runbook/errors.ts'
import type { Component } from './components.ts'
import { minorOf, releaseOf } from './release.ts'

export interface Edit {
  readonly file: string
  readonly before: string
  readonly after: string
}

export const PINS = 'src/lab/versions.ts'
const CILIUM = 'src/lab/images/cilium/release.ts'

/**
 * @param from the pin that is replaced, as it stands there
 * @param read text of a file of the checkout
 * @throws BadInput where the pin does not stand once at its key
 */
export function bump(component: Component, from: string, to: string, read: (file: string) => string): Edit[] {
  const { name, key } = component
  if (key === undefined) throw new BadInput(`${name} has no pin in ${PINS} that bump could replace: ${whyNot(component, to)}`)
  const staging = name === 'kubernetes' ? [[from.replace('v1.', 'v0.'), to.replace('v1.', 'v0.'), 'staging'] as const] : []
  const pins = [[from, to, key] as const, ...staging].reduce((text, [old, fresh, at]) => once(text, PINS, new RegExp(`^  ${at}: .*'${escaped(old)}'`, 'm'), old, fresh), read(PINS))
  const edits = [{ file: PINS, before: read(PINS), after: pins }]
  // what differs between releases is told by release there
  if (name === 'cilium') edits.push({ file: CILIUM, before: read(CILIUM), after: once(read(CILIUM), CILIUM, new RegExp(`^  '${escaped(from)}':`, 'm'), from, to) })
  return edits
}

function whyNot({ name, registry, unpinned }: Component, to: string): string {
  if (unpinned !== undefined) return unpinned
  switch (registry.kind) {
    case 'npm': return `npm writes package.json and its lock file: npm install --save-exact ${name}@${to}`
    case 'none': return registry.reason
    default: return 'the pinned Debian suite brings it'
  }
}

function once(text: string, file: string, line: RegExp, from: string, to: string): string {
  const found = line.exec(text)
  if (found === null) throw new BadInput(`${file}: received no line that matches ${line.source}, expected the pin ${from} there`)
  return text.slice(0, found.index) + found[0].replace(`'${from}'`, `'${to}'`) + text.slice(found.index + found[0].length)
}

const escaped = (release: string): string => release.replaceAll('.', '\\.')

/** Other lines of an edited file that name the release that was replaced: a person must look at them. */
export function alsoNamed({ file, after }: Edit, from: string): string[] {
  const bare = from.replace(/^v/, '')
  return after.split('\n').flatMap((line, index) => line.includes(bare) ? [`${file}:${index + 1}: ${line.trim()}`] : [])
}

/** Which of several pins `to` replaces: the one of its minor, or the only one. @throws BadInput */
export function pinFor({ name, pins }: Component, to: string): string {
  const release = releaseOf(to)
  if (release === undefined) throw new BadInput(`received --to ${to}, expected a release such as ${pins[0] ?? 'v1.2.3'}`)
  const own = pins.find(pin => minorOf(releaseOf(pin)!) === minorOf(release)) ?? (pins.length === 1 ? pins[0] : undefined)
  if (own === undefined) throw new BadInput(`${name} is pinned to ${pins.join(' and ')}, expected --to a release of one of these minors: another one is a change of src/lab/images/cilium too`)
  if (own.startsWith('v') !== to.startsWith('v')) throw new BadInput(`received --to ${to}, expected it as the pin stands: ${own}`)
  return own
}

/** The lines that differ, as git shows them. */
export function diffOf({ file, before, after }: Edit): string {
  const [old, fresh] = [before.split('\n'), after.split('\n')]
  return old.flatMap((line, index) => line === fresh[index] ? [] : [`${file}:${index + 1}`, `- ${line}`, `+ ${fresh[index]}`]).join('\n')
}
