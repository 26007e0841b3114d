/** The forms in which a secret turns up in what programs print. */

/** Every form of a secret but plain text that may be broken into lines by whoever printed it. */
export interface Forms {
  readonly whole: readonly string[]
  /** base64 and hex: programs break them after 64 or 76 characters. */
  readonly wrapped: readonly string[]
}

export function formsOf(secret: string): Forms {
  const bytes = Buffer.from(secret)
  return {
    whole: unique([secret, ...inJson(secret), ...inShell(secret), ...inUrl(secret)]),
    wrapped: unique([...inBase64(bytes), bytes.toString('hex'), bytes.toString('hex').toUpperCase()]),
  }
}

function inJson(secret: string): string[] {
  const plain = JSON.stringify(secret).slice(1, -1)
  // Python's json.dumps; PHP and some Java programs write \/ for a slash.
  const ascii = plain.replaceAll(/[\u007F-\uFFFF]/g, char => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)
  return [plain, ascii, plain.replaceAll('/', String.raw`\/`), ascii.replaceAll('/', String.raw`\/`)]
}

function inShell(secret: string): string[] {
  return [
    secret.replaceAll('\'', String.raw`'\''`),
    secret.replaceAll('\'', `'"'"'`),
    secret.replaceAll(/[$`"\\]/g, String.raw`\$&`),
    // printf %q and the listings of set -x.
    secret.replaceAll(/[^\w@%+=:,./\-\u0080-\uFFFF]/g, String.raw`\$&`),
    secret.replaceAll(/[^\w@%+:./\-\u0080-\uFFFF]/g, String.raw`\$&`),
    secret.replaceAll(/['\\]/g, String.raw`\$&`),
  ]
}

function inUrl(secret: string): string[] {
  const well = secret.toWellFormed()
  const component = encodeURIComponent(well)
  const strict = component.replaceAll(/[!'()*]/g, char => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
  const form = new URLSearchParams({ '': well }).toString().slice(1)
  const forms = [component, strict, strict.replaceAll('%20', '+'), form, strict.replaceAll('%2F', '/'), encodeURI(well)]
  return [...forms, ...forms.map(form => form.replaceAll(/%[0-9A-F]{2}/g, hex => hex.toLowerCase()))]
}

/** What base64 makes of the secret wherever in a longer text it stands: the characters that no neighbour changes. */
function inBase64(bytes: Buffer): string[] {
  return [0, 1, 2].flatMap(before => {
    const encoded = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64')
    const core = encoded.slice(Math.ceil(before * 8 / 6), Math.floor((before + bytes.length) * 8 / 6))
    return [core, core.replaceAll('+', '-').replaceAll('/', '_')]
  })
}

const unique = (forms: readonly string[]): string[] => [...new Set(forms)].filter(form => form !== '')
