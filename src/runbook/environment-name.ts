/** `PROOFBOOK_SET_API_PORT` for `api-port`. */
export function environmentName(variable: string): string {
  return `PROOFBOOK_SET_${variable.toUpperCase().replaceAll('-', '_')}`
}
