const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** What to write where a duration is expected. */
export const DURATION_FORM = 'a duration such as 500ms, 60s, 2m, 1h or 30d'

/** One whole number, one unit. */
export const DURATION_PATTERN = /^(0|[1-9][0-9]{0,7})(ms|s|m|h|d)$/

/** `500ms`, `60s`, `2m`, `1h`, `30d` in milliseconds; undefined when it is none. */
export function parseDuration(text: string): number | undefined {
  const [, digits, unit] = DURATION_PATTERN.exec(text) ?? []
  return digits === undefined || unit === undefined ? undefined : Number(digits) * UNITS[unit]!
}

/** The shortest form that reads back as the same number of milliseconds: 300000 is `5m`. */
export function formatDuration(milliseconds: number): string {
  for (const unit of ['d', 'h', 'm', 's'] as const) {
    if (milliseconds > 0 && milliseconds % UNITS[unit]! === 0) return `${milliseconds / UNITS[unit]!}${unit}`
  }
  return milliseconds === 0 ? '0s' : `${milliseconds}ms`
}
