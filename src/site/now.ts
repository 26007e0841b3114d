/** Build time in milliseconds since 1970; PROOFBOOK_NOW (a date) fixes it for tests. */
export const now = (): number => process.env.PROOFBOOK_NOW === undefined ? Date.now() : Date.parse(process.env.PROOFBOOK_NOW)
