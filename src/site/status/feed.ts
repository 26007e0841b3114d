/** Changes of status as an Atom feed (RFC 4287). */
import type { Change } from './history.ts'
import { escaped } from './badge.ts'

/** Changes that a feed holds. */
const MOST = 100

export interface FeedOptions {
  /** Where the site is, with its sub-path and a slash at the end: `https://proofbook.example/`; `/` where nobody has said. */
  readonly home: string
  /** When it was built, as a date: the feed of a book without any change needs one too. */
  readonly built: string
  readonly titles: ReadonlyMap<string, string>
}

/** @param changes newest first */
export function atom(changes: readonly Change[], { home, built, titles }: FeedOptions): string {
  const shown = changes.slice(0, MOST)
  return `<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom">
<id>${escaped(home === '/' ? 'urn:proofbook:status' : `${home}feed.xml`)}</id>
<title>Proofbook: changes of status</title>
<subtitle>A runbook that was verified, failed, or held only after a retry, and did not before.</subtitle>
<updated>${shown[0]?.entry.finishedAt ?? built}</updated>
<author><name>Proofbook</name></author>
<link rel="self" href="${escaped(`${home}feed.xml`)}"/>
<link href="${escaped(`${home}status/`)}"/>
${shown.map(change => entryOf(change, home, titles)).join('\n')}
</feed>
`
}

function entryOf({ entry, before }: Change, home: string, titles: ReadonlyMap<string, string>): string {
  const { runbook, target, cni, verdict, finishedAt, reason, failed } = entry
  const title = `${titles.get(runbook) ?? runbook}: ${verdict} on ${target}${before === undefined ? '' : `, ${before} before`}`
  return `<entry>
<id>${escaped(`urn:proofbook:${encodeURIComponent(runbook)}:${encodeURIComponent(target)}:${encodeURIComponent(cni)}:${finishedAt}`)}</id>
<title>${escaped(title)}</title>
<updated>${escaped(finishedAt)}</updated>
<link href="${escaped(`${home}${runbook}/`)}"/>
<summary>${escaped([reason, failed === undefined ? undefined : `Failed: ${failed}.`].filter(part => part !== undefined).join(' ') || `The page ${verdict === 'verified' ? 'held from top to bottom' : `is ${verdict}`}.`)}</summary>
</entry>`
}
