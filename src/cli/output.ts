/** Data goes to standard output, and with --json nothing but one JSON document. */

export const OUTPUT_SCHEMA = 1

/** Prints `{ schema, command, ...data }`. */
export function printJson(command: string, data: object): void {
  process.stdout.write(`${JSON.stringify({ schema: OUTPUT_SCHEMA, command, ...data }, undefined, 2)}\n`)
}

export function print(text: string): void {
  process.stdout.write(text.endsWith('\n') ? text : `${text}\n`)
}

/** Rows in columns as wide as their widest cell, two spaces apart. */
export function columns(rows: readonly (readonly string[])[]): string {
  const widths: number[] = []
  for (const row of rows) row.forEach((cell, i) => { widths[i] = Math.max(widths[i] ?? 0, cell.length) })
  return rows.map(row => row.map((cell, i) => cell.padEnd(widths[i]!)).join('  ').trimEnd()).join('\n')
}

/** How long ago that was, in its largest unit: `45s`, `12m`, `3h`, `2d`. @param iso ISO 8601 */
export function age(iso: string, now = Date.now()): string {
  const seconds = Math.max(0, Math.floor((now - Date.parse(iso)) / 1000))
  const [size, unit] = ([[86_400, 'd'], [3_600, 'h'], [60, 'm'], [1, 's']] as const).find(([length]) => seconds >= length) ?? [1, 's']
  return `${Math.floor(seconds / size)}${unit}`
}
