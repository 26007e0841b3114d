/**
 * Both themes as one, in which a colour is the number of a pair: a text is read once and not once for each theme, and no
 * theme takes the other's place, for which the grammars would forget what they have looked up.
 */
import type { ThemeRegistrationRaw } from 'shiki'

export interface Pair {
  readonly light: string
  readonly dark: string
}

export interface PairTheme {
  readonly theme: ThemeRegistrationRaw
  /** Of a colour that this theme gave to a token. */
  readonly pairOf: (colour: string) => Pair
}

interface Theme {
  readonly name?: string
  readonly colors?: Readonly<Record<string, string>>
  readonly tokenColors?: readonly { readonly scope?: string | readonly string[], readonly settings: { readonly foreground?: string } }[]
}

/** @throws Error when the themes do not colour the same scopes: then no rule of one has a partner in the other */
export function pairThemes(name: string, light: Theme, dark: Theme): PairTheme {
  const pairs: Pair[] = []
  const numberOf = (one: string | undefined, other: string | undefined): string => {
    if (one === undefined || other === undefined) throw new Error(`${light.name} and ${dark.name}: received a colour of ${one ?? 'none'} beside ${other ?? 'none'}, expected two`)
    const known = pairs.findIndex(pair => pair.light === one && pair.dark === other)
    return `#${(known >= 0 ? known : pairs.push({ light: one, dark: other }) - 1).toString(16).padStart(6, '0')}`
  }
  const foreground = numberOf(light.colors?.['editor.foreground'], dark.colors?.['editor.foreground'])
  const [rules = [], others = []] = [light.tokenColors, dark.tokenColors]
  if (rules.length !== others.length || rules.some(({ scope }, index) => JSON.stringify(scope) !== JSON.stringify(others[index]!.scope))) {
    throw new Error(`${light.name} and ${dark.name}: received rules for different scopes, expected the same in the same order`)
  }
  const settings = rules.map(({ scope, settings: { foreground: one } }, index) => {
    const other = others[index]!.settings.foreground
    return { scope: scope as string[], settings: one === undefined && other === undefined ? {} : { foreground: numberOf(one, other) } }
  })
  return {
    theme: { name, type: 'light', fg: foreground, bg: '#ffffff', settings: [{ settings: { foreground, background: '#ffffff' } }, ...settings] },
    pairOf: colour => pairs[Number.parseInt(colour.slice(1), 16)]!,
  }
}
