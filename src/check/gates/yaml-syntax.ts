import { isMap, LineCounter, parseAllDocuments } from 'yaml'
import { fill } from '../../runbook/placeholders.ts'
import type { Diagnostic } from '../../runbook/model.ts'
import { pageGate, placeOf } from '../gate.ts'

/** YAML blocks parse; those that are applied are Kubernetes objects with a name. */
export const yamlSyntax = pageGate({
  name: 'YAML syntax',
  refuses: 'YAML that does not parse, and what `apply` is given that is no Kubernetes object with a name',
  look({ runbook, values, lines }) {
    const found: Diagnostic[] = []
    for (const block of runbook.blocks) {
      if (block.language !== 'yaml' && block.language !== 'yml') continue
      const counter = new LineCounter()
      const documents = parseAllDocuments(fill(block.text, values), { lineCounter: counter, prettyErrors: false })
      for (const document of 'empty' in documents ? [] : documents) {
        for (const error of document.errors) {
          const { line, col } = counter.linePos(error.pos[0])
          found.push({ path: runbook.path, ...placeOf(block, lines, line - 1, col),
            message: `YAML of ${block.kind} "${block.name}"`,
            received: error.message, expected: 'valid YAML' })
        }
        if (block.action.type !== 'apply' || document.errors.length > 0 || document.contents === null) continue
        const missing = (['apiVersion', 'kind'] as const)
          .filter((key) => !isMap(document.contents) || typeof document.get(key) !== 'string')
        const named = document.get('kind') === 'List' || typeof document.getIn(['metadata', 'name']) === 'string'
        if (missing.length === 0 && named) continue
        const { line } = counter.linePos(document.contents?.range?.[0] ?? 0)
        found.push({ path: runbook.path, ...placeOf(block, lines, line - 1),
          message: `${block.kind} "${block.name}" applies what is no Kubernetes object`,
          received: `no ${missing[0] ?? 'metadata.name'}`, expected: 'apiVersion, kind and metadata.name' })
      }
    }
    return found
  },
})
