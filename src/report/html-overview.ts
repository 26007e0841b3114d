/** Several results as one HTML page that opens from disk and links the report of each run. */
import { relative } from 'node:path'
import { duration } from './duration.ts'
import { STYLE } from './html-style.ts'
import { escapeHtml } from './html-text.ts'
import type { Result } from './result.ts'

export interface Shown {
  readonly result: Result
  /** Path of its own report, relative to where Proofbook was started. */
  readonly report?: string
}

/** @param folder where the page will be: links are relative to it */
export function htmlOverview(shown: readonly Shown[], folder: string): string {
  const verified = shown.filter(({ result }) => result.verdict === 'verified').length
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>${verified} of ${shown.length} verified</title>
<style>${STYLE}</style>
<main>
<h1>${verified} of ${shown.length} verified</h1>
<table><thead><tr><th>verdict</th><th>runbook</th><th>on</th><th>took</th><th>why</th></tr></thead>
<tbody>
${shown.map(one => row(one, folder)).join('\n')}
</tbody></table>
</main>
</html>
`
}

function row({ result: { verdict, runbook, target, cni, durationMs, reason = '' }, report }: Shown, folder: string): string {
  const name = report === undefined ? escapeHtml(runbook) : `<a href="${escapeHtml(encodeURI(relative(folder, report)))}">${escapeHtml(runbook)}</a>`
  return `<tr><td><span class="chip ${verdict}">${verdict}</span></td><td>${name}</td><td>${escapeHtml(`${target}, ${cni}`)}</td>`
    + `<td>${duration(durationMs)}</td><td>${escapeHtml(reason)}</td></tr>`
}
