import type { Diagnostic } from '../../runbook/model.ts'
import { pageGate, type Page } from '../gate.ts'

interface Rule {
  /** The secret itself is its last group, so that a message never repeats what stands before it. */
  readonly pattern: RegExp
  readonly what: string
}

/** A value that is not given in clear: a variable of bash, of Proofbook or of a template, a file, an example in words. */
const ELSEWHERE = /^["']?(?:\$|\{\{|<|%|`|\/|@|file:|\.\.\.|\*+|x{3,}|-|true\b|false\b|null\b)/i

/** What gives access to something. Register a rule here. */
const rules: readonly Rule[] = [
  { what: 'private key', pattern: /(-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----)/ },
  { what: 'AWS access key', pattern: /\b((?:AKIA|ASIA)[A-Z0-9]{16})\b/ },
  { what: 'GitHub token', pattern: /\b(gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{22,})/ },
  { what: 'GitLab token', pattern: /\b(glpat-[A-Za-z0-9_-]{20,})/ },
  { what: 'Slack token', pattern: /\b(xox[abprs]-[A-Za-z0-9-]{10,})/ },
  { what: 'JSON Web Token', pattern: /\b(eyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,})/ },
  { what: 'k3s token', pattern: /\b(K10[0-9a-f]{64}::[^\s:'"]+:[^\s'"]+)/ },
  { what: 'kubeadm token', pattern: /--token[= ]["']?([a-z0-9]{6}\.[a-z0-9]{16})\b/ },
  { what: 'bearer token', pattern: /\bAuthorization:\s*(?:Bearer|Basic)\s+([^\s"'\\]{8,})/i },
  { what: 'password in an address', pattern: /\b[a-z][a-z0-9+.-]*:\/\/[^\s/:@'"]+:([^\s/@'"]+)@/ },
  { what: 'password', pattern: /(?:^|[\s"'{,._-])(?:password|passwd|passphrase|secret[_-]?key|api[_-]?key|auth[_-]pass)["']?\s*[=:]\s*(["']?[^\s"',;}]{6,})/i },
  { what: 'password', pattern: /\s--(?:password|passphrase|api-key)[= ](["']?[^\s"']{6,})/ },
]

/** A page without any of these has no secret that a rule knows. */
const HINT = /PRIVATE KEY|AKIA|ASIA|gh[pousr]_|github_pat|glpat|xox|eyJ|K10|token|Authorization|:\/\/[^\s/@]*:[^\s/@]*@|passw|passphrase|secret|api.?key|auth.pass/i

/**
 * A page is public, and so is every secret in it, in whatever fence or sentence. A lab's throw-away secret says
 * `# because: ...` on its line or on the one above.
 */
export const secrets = pageGate({
  name: 'secrets',
  refuses: 'private keys, tokens and passwords in clear, without a reason',
  look: (page) => !HINT.test(page.source) ? [] : page.lines.flatMap((text, row) => secretsIn(text, row, page)),
})

function secretsIn(text: string, row: number, { runbook: { path }, lines }: Page): Diagnostic[] {
  if (/because: \S/.test(text) || /because: \S/.test(lines[row - 1] ?? '')) return []
  return rules.flatMap(({ pattern, what }) => {
    const match = pattern.exec(text)
    const secret = match?.[1]
    if (match === null || secret === undefined || ELSEWHERE.test(secret)) return []
    const column = match.index + match[0].lastIndexOf(secret) + 1
    return [{ path, position: { line: row + 1, column }, length: secret.length, message: `${what} in clear`,
      received: `${secret.slice(0, 4)}...`, expected: 'a variable of type secret, a file of the host, or a comment "# because: ..." for one that a lab throws away' }]
  })
}
