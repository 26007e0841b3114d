/**
 * parseRunbook(source: string | Uint8Array, file: { id: string, path: string }):
 *   { runbook?: Runbook, diagnostics: Diagnostic[], tree?: Node }
 *
 * The one reading of a page. A page with anything wrong gives no runbook, so nothing of it can be run.
 */
import { createHash } from 'node:crypto'
import { readBlock } from './block.ts'
import { checkAllUsed, readCaptures, withNeeds } from './captures.ts'
import { checkGraph, type Entry } from './graph.ts'
import { readFrontmatter } from './frontmatter.ts'
import { parsePage, walk, type Node } from './mdast.ts'
import type { Block, Diagnostic, Runbook } from './model.ts'
import { readPage, type Fence } from './page.ts'
import { readSource } from './source.ts'
import { DEFAULT_TOPOLOGY, topologies } from './topologies.ts'
import { checkPlaceholders, checkReadyValues } from './uses.ts'

/**
 * Reads a page; never throws on bad input. Diagnostics come in page order. CRLF counts as LF, a byte order mark is
 * dropped; columns count UTF-16 units from 1.
 */
export function parseRunbook(source: string | Uint8Array, file: { readonly id: string, readonly path: string }):
  { runbook?: Runbook, diagnostics: Diagnostic[], tree?: Node } {
  const read = readSource(source, file.path)
  if ('diagnostic' in read) return { diagnostics: [read.diagnostic] }
  const diagnostics: Diagnostic[] = []
  const report = (diagnostic: Omit<Diagnostic, 'path'>) => diagnostics.push({ path: file.path, ...diagnostic })

  const parsed = parsePage(read.text, file.path)
  if ('error' in parsed) {
    report({ position: parsed.error.position, message: `not valid MDX: ${parsed.error.message}` })
    return { diagnostics }
  }
  const { tree } = parsed
  const head = tree.children?.[0]
  const frontmatter = head?.type === 'yaml'
    ? readFrontmatter(head.value ?? '', head.position.start.line, report)
    : undefined
  if (head?.type !== 'yaml') {
    report({ position: { line: 1, column: 1 }, message: 'page without frontmatter',
      received: head === undefined ? 'an empty page' : head.type,
      expected: 'a first line --- and YAML with title, description and risk' })
  }

  const fences = readPage(tree, read.text, isOutputFence)
  const variables = frontmatter?.variables ?? []
  const entries: (Entry & { block: Block })[] = []
  /** Each fence that could be told from the next, with the entry that it is or belongs to. */
  const seen: { readonly fence: Fence, readonly owner: number | undefined }[] = []
  const diagrams: { text: string, position: Fence['position'] }[] = []
  const hosts = topologies[frontmatter?.topology ?? DEFAULT_TOPOLOGY]!
  let mistakes = false
  /** The block that an output fence would belong to: its place among the entries. */
  let last: number | 'mistake' | undefined

  for (const fence of fences) {
    if (!checkClosed(fence, report)) {
      last = 'mistake'
      mistakes = true
      continue
    }
    const reading = readBlock(fence, hosts, report)
    const isOutput = isOutputFence(fence)
    if (reading.type === 'block') last = entries.push({ block: reading.block, words: reading.words }) - 1
    else if (reading.type === 'mistake' && !isOutput) last = 'mistake'
    const owner = (reading.type === 'block' || isOutput) && typeof last === 'number' ? last : undefined
    seen.push({ fence, owner })
    if (reading.type === 'mistake') mistakes = true
    else if (reading.type === 'output') {
      if (last !== 'mistake') attachOutput(fence, owner, entries, report)
      last = undefined
    } else if (reading.type === 'text' && fence.language === 'mermaid') {
      diagrams.push({ text: fence.text, position: fence.position })
    }
  }
  const captured = readCaptures(entries, variables, report)
  const used = new Set<string>()
  // Without readable frontmatter every name would seem undeclared.
  if (frontmatter !== undefined) {
    const claimed = new Set(fences.flatMap(({ info }) => /\bcapture=["']?([a-z][a-z0-9_-]*)/.exec(info)?.[1] ?? []))
    const lines = read.text.split('\n')
    for (const { fence, owner } of seen) {
      const entry = owner === undefined ? undefined : entries[owner]
      const scope = { variables, captured, claimed, lines, user: entry?.block, isOutput: isOutputFence(fence) }
      const names = checkPlaceholders(fence, scope, report)
      if (entry !== undefined) {
        for (const name of scope.isOutput ? [] : checkReadyValues(entry, scope, report)) names.add(name)
        entries[owner!] = withNeeds(entry, captured, names)
      }
      for (const name of names) used.add(name)
    }
    if (!mistakes) checkAllUsed(captured, entries, used, report)
  }
  // Names of fences that could not be read are unknown, so relations are judged only when all could be.
  if (!mistakes) checkGraph(entries, frontmatter?.risk, report)
  checkProse(tree, report)
  // A variable that could not be read has no default, and was reported.
  for (const { name, position, default: preset } of mistakes ? [] : variables) {
    if (preset !== '' && !used.has(name)) {
      report({ position, message: `variable "${name}" is never used`, received: `"${name}"`,
          expected: `{{${name}}} in a fence`, length: name.length })
    }
  }

  diagnostics.sort((a, b) => a.position.line - b.position.line || a.position.column - b.position.column)
  if (diagnostics.length > 0 || frontmatter === undefined) return { diagnostics }
  const sha256 = createHash('sha256').update(source).digest('hex')
  const blocks = entries.map(({ block }) => block)
  return { runbook: { ...file, sha256, ...frontmatter, blocks, diagrams }, diagnostics, tree }
}

type Report = (diagnostic: Omit<Diagnostic, 'path'>) => void

function isOutputFence(fence: Fence): boolean {
  return fence.language === 'text' && /(?:^|\s)output(?=\s|$)/.test(fence.info)
}

/** Markdown closes a forgotten fence at the next closing line or at the end of the page, without a word. */
function checkClosed(fence: Fence, report: Report): boolean {
  const marks = /^(?:`+|~+)/.exec(fence.opening)![0]
  const expected = `a line ${marks} behind the text`
  const at = { position: fence.position, message: 'unterminated fence', length: fence.opening.length }
  const inner = new RegExp(`^ {0,3}${marks[0]}{${marks.length},} *[A-Za-z]`)
  const row = fence.text.split('\n').findIndex((line) => inner.test(line))
  if (row >= 0) {
    report({ ...at, received: `another fence on line ${fence.position.line + 1 + row}`,
      expected: `${expected}; a longer fence to show fences` })
  } else if (!fence.closed) {
    report({ ...at, received: 'the end of the page or of the list', expected })
  }
  return row < 0 && fence.closed
}

function attachOutput(fence: Fence, owner: number | undefined, entries: Entry[], report: Report): void {
  const fault = (received: string, expected: string) => {
    const message = 'output without a block before it'
    report({ position: fence.position, message, received, expected, length: fence.opening.length })
  }
  const entry = owner === undefined ? undefined : entries[owner]
  if (entry === undefined) {
    fault('no block since the start or the last output', 'a block that runs right before it')
    return
  }
  const { block } = entry
  if (block.kind === 'skip' || block.action.type === 'file') {
    const received = block.kind === 'skip' ? 'a block that never runs' : 'a block that writes a file'
    fault(received, 'a block that prints; ```text otherwise')
    return
  }
  const output = { text: fence.text.replace(/\n$/, ''), position: fence.position }
  entries[owner!] = { ...entry, block: { ...block, output } }
}

/** `{{vip}}` in prose is JavaScript to MDX: the site would fail on it, or print an object. */
function checkProse(tree: Node, report: Report): void {
  for (const node of walk(tree)) {
    const name = /^mdx(?:Text|Flow)Expression$/.test(node.type)
      ? /^\{\s*([a-z][a-z0-9_-]*)\s*\}$/.exec(node.value ?? '')?.[1] : undefined
    if (name === undefined) continue
    const { line, column } = node.position.start
    report({ position: { line, column }, message: `{{${name}}} in prose`, received: 'an expression that MDX evaluates',
      expected: `\`{{${name}}}\` as code`, length: name.length + 4 })
  }
}
