import type { Block, Diagnostic } from '../../runbook/model.ts'
import { pageGate, placeOf } from '../gate.ts'

interface Rule {
  readonly pattern: RegExp
  readonly message: string
  readonly expected: string
  /** Allowed where a comment `# because: ...` on the line or on the one above gives the reason. */
  readonly excusable: boolean
  /** Only text that bash runs. */
  readonly bashOnly: boolean
}

const BECAUSE = 'or a comment "# because: ..." on or above the line'

/** What no page may teach. Register a rule here. */
const rules: readonly Rule[] = [
  {
    pattern: /\b(?:curl|wget)\b[^\n|;&]*\|\s*(?:sudo\s+)?(?:\S+\/)?(?:ba|z|da|k)?sh\b/,
    message: 'download piped into a shell',
    expected: 'a download to a file, its checksum compared, then run',
    excusable: false,
    bashOnly: true,
  },
  {
    pattern: /\b(?:ba|z|da|k)?sh\s+(?:-c\s+["']?\$\(|<\()\s*(?:curl|wget)\b/,
    message: 'download run by a shell',
    expected: 'a download to a file, its checksum compared, then run',
    excusable: false,
    bashOnly: true,
  },
  {
    pattern: /\b[a-z0-9][a-z0-9._/-]*:latest\b/,
    message: 'image tag "latest"',
    expected: 'a version: "latest" is another image tomorrow',
    excusable: false,
    bashOnly: false,
  },
  {
    // `rm --force` says that the file may be gone already, which is what a rollback means.
    pattern: /(?<!\brm\b[^\n|;&]*)(?<![\w-])--force(?![\w-])/,
    message: '--force without a reason',
    expected: `no --force, ${BECAUSE}`,
    excusable: true,
    bashOnly: true,
  },
  {
    pattern: /\bcurl\b[^\n|;&]*\s(?:--insecure\b|-[a-zA-Z]*k[a-zA-Z]*(?=\s|$))/,
    message: 'certificate not verified',
    expected: `--cacert FILE, ${BECAUSE}`,
    excusable: true,
    bashOnly: true,
  },
  {
    pattern: /--insecure-skip-tls-verify\b/,
    message: 'certificate not verified',
    expected: `the CA that signed it, ${BECAUSE}`,
    excusable: true,
    bashOnly: false,
  },
  {
    pattern: /StrictHostKeyChecking[= ]no\b/,
    message: 'host key not verified',
    expected: 'a known host key, or accept-new',
    excusable: false,
    bashOnly: false,
  },
]

/** Habits that break a reader's cluster or trust, wherever they stand. */
export const forbidden = pageGate({
  name: 'forbidden patterns',
  refuses: 'a download piped into a shell, `latest` tags, unverified certificates and host keys, `--force` without a reason',
  look({ runbook, lines }) {
    return runbook.blocks.flatMap((block) => rules.flatMap((rule) => violations(block, rule, lines, runbook.path)))
  },
})

function violations(block: Block, rule: Rule, lines: readonly string[], path: string): Diagnostic[] {
  if (rule.bashOnly && block.action.type !== 'bash') return []
  const rows = block.text.split('\n')
  return rows.flatMap((text, row) => {
    const match = rule.pattern.exec(text)
    const isComment = /^\s*#/.test(text)
    const excused = rule.excusable && (/#\s*because: \S/.test(text) || /^\s*#\s*because: \S/.test(rows[row - 1] ?? ''))
    if (match === null || isComment || excused) return []
    const { position } = placeOf(block, lines, row, match.index + 2)
    return [{ path, position: { ...position, column: position.column - 1 }, length: match[0].length,
      message: rule.message, received: match[0], expected: rule.expected }]
  })
}
