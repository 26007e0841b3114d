/** A run as one HTML file that opens from disk: no request, no script, both colour schemes. */
import { duration } from './duration.ts'
import { trafficSection, wide } from './html-traffic.ts'
import { waterfall } from './waterfall.ts'
import { escapeHtml, terminal } from './html-text.ts'
import type { BlockResult, Failure, Result } from './result.ts'
import { STYLE } from './html-style.ts'

export function html(result: Result): string {
  const { runbook, target, title, verdict, reason } = result
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(`${verdict}: ${runbook} on ${target}`)}</title>
<style>${STYLE}</style>
<main>
<header>
<p class="crumb">${escapeHtml(runbook)} on ${escapeHtml(target)}</p>
<h1>${escapeHtml(title)}</h1>
<p><span class="chip ${verdict}">${verdict}</span>${reason === undefined ? '' : ` ${escapeHtml(reason)}`}</p>
</header>
${facts(result)}
${result.failure ? failure(result.failure, result.source.path) : ''}
${list('Changed by the second pass', result.secondPass ?? [])}
${list('Left behind', result.leftBehind)}
${diagnostics(result)}
${trafficSection(result)}
${wide('Waterfall of the blocks', waterfall(result))}
${phases(result.blocks)}
${controls(result)}
${table('Versions, read from what ran', result.versions)}
${table('Values', result.values)}
${images(result)}
</main>
</html>
`
}

const PHASES: readonly [BlockResult['phase'], string][] = [
  ['precheck', 'Before'], ['steps', 'Steps'], ['second-pass', 'The same again'], ['rollback', 'Undo'], ['after-rollback', 'What held before holds again'], ['cleanup', 'Cleanup'],
]

function phases(blocks: readonly BlockResult[]): string {
  return PHASES.map(([phase, heading]) => {
    const own = blocks.filter(block => block.phase === phase)
    return own.length === 0 ? '' : `<h2>${heading}</h2>\n${own.map(block).join('\n')}`
  }).join('\n')
}

/** A long line is scrolled to by key, so `pre` can have the focus. */
function block(one: BlockResult): string {
  const { kind, name, host, line, status, durationMs, attempts, exit, reason, transcript, sent } = one
  const ran = status === 'ok' || status === 'failed'
  const notes = [
    `line ${line}`,
    ...ran ? [duration(durationMs)] : [],
    ...attempts > 1 ? [`${attempts} tries`] : [],
    ...exit ? [`exit ${exit}`] : [],
    ...reason === undefined ? [] : [reason],
  ]
  const head = `<span class="dot ${status}" title="${status}"></span><b>${escapeHtml(name)}</b> <span class="kind">${kind} on ${escapeHtml(host)}</span>`
    + `<span class="notes">${escapeHtml(notes.join(' · '))}</span>`
  if (!ran) return `<div class="block">${head}</div>`
  const body = [
    ...sent === undefined ? [] : [`<p>Sent</p><pre tabindex="0">${escapeHtml(sent)}</pre>`],
    transcript === '' ? '<p>It printed nothing.</p>' : `<p>Printed</p><pre tabindex="0">${terminal(transcript)}</pre>`,
  ]
  return `<details class="block"${status === 'failed' ? ' open' : ''}><summary>${head}</summary>${body.join('')}</details>`
}

function failure({ kind, name, host, message, line, received, expected, tail, hint }: Failure, page: string): string {
  const row = (label: string, text: string): string => `<dt>${label}</dt><dd><pre tabindex="0">${terminal(text.replace(/^\n/, ''))}</pre></dd>`
  return `<section class="failure"><h2>${escapeHtml(`${kind} ${name} on ${host}: ${message}`)}</h2>
<dl>${row('received', received)}${row('expected', expected)}${row('at', `${page}:${line}`)}${hint ? row('likely', hint) : ''}${row('last lines', tail)}</dl></section>`
}

function facts(result: Result): string {
  const { blocks, startedAt, durationMs, proofbook, source, retries } = result
  const count = (status: BlockResult['status']): number => blocks.filter(one => one.status === status).length
  return `<p class="facts">${escapeHtml([
    new Date(startedAt).toISOString().replace('T', ' ').replace(/\..*/, ' UTC'),
    duration(durationMs),
    `${count('ok')} ok, ${count('failed')} failed, ${count('skipped') + count('not-run')} not run`,
    `${retries} ${retries === 1 ? 'retry' : 'retries'}`,
    `${source.path} (sha256 ${source.sha256.slice(0, 12)}…)`,
    `proofbook ${proofbook}`,
  ].join(' · '))}</p>`
}

function list(heading: string, items: readonly string[]): string {
  return items.length === 0 ? '' : `<h2>${heading}</h2><pre tabindex="0">${escapeHtml(items.join('\n'))}</pre>`
}

function controls({ controls: all = [] }: Result): string {
  if (all.length === 0) return ''
  const held = all.filter(({ failed }) => !failed).map(({ check, host, line }) => `${check} on ${host} (line ${line})`)
  const rest = held.length === 0 ? '' : ' Of the others a mutant or a drill of the page has to show it:'
  return `<h2>Can each check fail?</h2>\n<p>${all.length - held.length} of ${all.length} failed when asked before the first step.${rest}</p>`
    + (held.length === 0 ? '' : `<pre tabindex="0">${escapeHtml(held.join('\n'))}</pre>`)
}

/** Links relative to the run's folder, in which this page lies. */
function diagnostics({ diagnostics: files = [] }: Result): string {
  if (files.length === 0) return ''
  const links = files.map(file => `<li><a href="${escapeHtml(encodeURI(file))}">${escapeHtml(file.replace(/^diagnostics\//, ''))}</a></li>`)
  return `<h2>Saved after the failure</h2>\n<ul class="files">${links.join('')}</ul>`
}

function table(heading: string, values: Readonly<Record<string, string>>): string {
  const rows = Object.entries(values).map(([name, value]) => `<tr><th>${escapeHtml(name)}</th><td>${escapeHtml(value)}</td></tr>`)
  return rows.length === 0 ? '' : `<h2>${heading}</h2><table>${rows.join('')}</table>`
}

function images({ images: records }: Result): string {
  const rows = records.map(({ name, version, supply, note = '' }) =>
    `<tr><th>${escapeHtml(`${name} ${version}`)}</th><td>${supply}${note && ` · ${escapeHtml(note)}`}</td></tr>`)
  return rows.length === 0 ? '' : `<h2>Images</h2><table>${rows.join('')}</table>`
}
