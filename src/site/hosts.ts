/**
 * Host colours: Okabe and Ito's palette, which colour-blind readers can tell apart; the same in chips and diagrams
 * and in both themes. The text on each is black or white, whichever has the higher contrast (at least 4.5).
 */
export interface HostColour {
  readonly fill: string
  readonly text: '#000' | '#fff'
}

const palette = {
  vermillion: { fill: '#d55e00', text: '#000' },
  sky: { fill: '#56b4e9', text: '#000' },
  green: { fill: '#009e73', text: '#000' },
  orange: { fill: '#e69f00', text: '#000' },
  purple: { fill: '#cc79a7', text: '#000' },
  blue: { fill: '#0072b2', text: '#fff' },
  yellow: { fill: '#f0e442', text: '#000' },
} as const satisfies Record<string, HostColour>

/** The workstation is the client's host in a lab, so both have one colour. */
const known: Readonly<Record<string, HostColour>> = {
  lb: palette.vermillion,
  client: palette.sky,
  workstation: palette.sky,
  s1: palette.green,
  s2: palette.orange,
  s3: palette.purple,
  servers: palette.blue,
  vip: palette.yellow,
}

export const hostColours: readonly HostColour[] = Object.values(palette)

/**
 * Text of src/styles/hosts.css, which gives what has `data-host` the colours of that host; all others are grey. In a
 * sheet and not on each element: a page has a hundred of them, and its Content-Security-Policy a hash for each style.
 */
export const hostSheet = (): string => ['/* From src/site/hosts.ts. */', ...Object.entries(known).map(([host, { fill, text }]) =>
  `[data-host='${host}'] { --host: ${fill}; --host-text: ${text}; }`), ''].join('\n')

/** What a host's name means, for the tooltip of its chip. */
export function meaningOf(host: string): string {
  switch (host) {
    case 'workstation': return 'Runs on your workstation, where kubectl and its kubeconfig are'
    case 'servers': return 'Runs on every server of the cluster'
    case 'lab': return 'Runs on the machine that runs the lab; never on your machines'
    default: return `Runs on ${host}`
  }
}
