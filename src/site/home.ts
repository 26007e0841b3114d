/** Where the site is, with its sub-path and a slash at the end; only the path where PROOFBOOK_SITE does not say which host. */
export function homeOf(site: URL | undefined): string {
  const base = `${import.meta.env.BASE_URL.replace(/\/$/, '')}/`
  return site === undefined ? base : new URL(base, site).href
}
