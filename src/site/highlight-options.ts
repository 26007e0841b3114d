/** HAProxy's own language, as far as a reader's eye needs it: comments, sections, keywords, numbers. */
const haproxy = {
  name: 'haproxy',
  scopeName: 'source.haproxy',
  patterns: [
    { match: '#.*$', name: 'comment.line.number-sign.haproxy' },
    { match: '"[^"]*"', name: 'string.quoted.double.haproxy' },
    {
      match: '^(global|defaults|frontend|backend|listen|resolvers|peers|userlist)\\b\\s*(\\S*)',
      captures: { 1: { name: 'keyword.control.haproxy' }, 2: { name: 'entity.name.function.haproxy' } },
    },
    { match: '^\\s+(no\\s+)?[a-z][a-z0-9-]*', name: 'support.type.property-name.haproxy' },
    { match: '\\b\\d+(\\.\\d+)*(us|ms|s|m|h|d)?\\b', name: 'constant.numeric.haproxy' },
  ],
} as const

/** One pair of themes for every code block of the site; CSS picks by the reader's theme. */
export const shikiOptions = {
  themes: { light: 'github-light-default', dark: 'github-dark-default' },
  defaultColor: false,
  // Comments of the light theme are too faint on a tinted ground.
  colorReplacements: { 'github-light-default': { '#6e7781': '#57606a' } },
  langs: [haproxy],
} as const satisfies Record<string, unknown>

/**
 * The pairs of colours that both themes give to tokens, light and dark; the first is that of plain text. Each is a
 * class, `.shiki .t1` and so on in src/styles/code.css: as styles they would be a third of a long page.
 */
export const tokenColours: readonly (readonly [light: string, dark: string])[] = [
  ['#1f2328', '#e6edf3'], ['#0a3069', '#a5d6ff'], ['#0550ae', '#79c0ff'], ['#953800', '#ffa657'], ['#116329', '#7ee787'],
  ['#cf222e', '#ff7b72'], ['#8250df', '#d2a8ff'], ['#57606a', '#8b949e'],
]
