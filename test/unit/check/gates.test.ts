import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { checkRunbook, gates } from '../../../src/check/check.ts'
import { loadRunbook } from '../../../src/runbook/library.ts'
import { HEAD_LINES, page, sound } from '../runbook/page.ts'

const root = fileURLToPath(new URL('../../fixtures/runbooks', import.meta.url))

// Its warnings are about much that these small blocks leave out; it has fixtures of its own.
beforeAll(() => { process.env.PROOFBOOK_SHELLCHECK = 'off' })
afterAll(() => { delete process.env.PROOFBOOK_SHELLCHECK })

/** Line below the frontmatter, column, length, message, received. */
async function findings(body: string, frontmatter: readonly string[] = []): Promise<unknown[]> {
  const source = page(body, frontmatter)
  const offset = HEAD_LINES - 1 + frontmatter.length
  return (await checkRunbook(sound(source), source)).map(({ position, length, message, received }) =>
    [position.line - offset, position.column, length, message, received])
}
const bash = (text: string, words = 'check=one') => `\`\`\`bash ${words}\n${text}\n\`\`\`\n`

test.each(['all-features', 'minimal', 'chapter/values'])('nothing is wrong with %s', async (id) => {
  const notes: string[] = []
  const { runbook, source } = await loadRunbook(root, id)
  expect(await checkRunbook(runbook!, source, { note: (line) => notes.push(line) })).toEqual([])
  expect(notes).toEqual([])
})

test('every gate is registered once', () => {
  expect(gates.map(({ name }) => name)).toEqual(['bash syntax', 'shellcheck', 'shell variables', 'negation', 'YAML syntax', 'mermaid syntax', 'links', 'requires', 'forbidden patterns', 'secrets'])
})

describe('bash', () => {
  test('a syntax error is at its line of the page', async () => {
    expect(await findings(bash('true\n  if true; then echo a; fi fi\ntrue'))).toEqual([
      [4, 3, 27, 'bash cannot read check "one"', "syntax error near unexpected token `fi'"],
    ])
  })
  test('in a list, the column counts the indentation', async () => {
    expect(await findings('1. item\n\n   ```bash check=one\n   )\n   ```\n')).toEqual([
      [5, 4, 1, 'bash cannot read check "one"', "syntax error near unexpected token `)'"],
    ])
  })
  test('an open quote, and a heredoc that never ends', async () => {
    expect(await findings(bash("echo 'a"))).toMatchObject([[3, 1, 7, 'bash cannot read check "one"', expect.stringMatching(/unexpected EOF/)]])
    expect(await findings(bash('cat <<END\na'))).toMatchObject([[expect.any(Number), 1, expect.any(Number), expect.any(String), expect.stringMatching(/here-document .*end-of-file/)]])
  })
  test('variables are filled in before bash looks', async () => {
    expect(await findings(bash('case {{node}} in s1) true;; esac'), ['variables: { node: { type: name, default: s1 } }'])).toEqual([])
  })
  test('nothing of the page is run', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'proofbook-check-'))
    try {
      expect(await findings(bash(`touch ${folder}/ran; $(touch ${folder}/ran)`))).toEqual([])
      expect(() => rmSync(join(folder, 'ran'))).toThrow()
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
  test('a skipped block is not read', async () => expect(await findings(bash('if', 'skip="a fragment"'))).toEqual([]))
})

describe('YAML', () => {
  const yaml = (text: string) => `\`\`\`yaml apply step=one rollback="none: a test"\n${text}\n\`\`\`\n`
  test('a syntax error is at its line of the page', async () => {
    expect(await findings(yaml('apiVersion: v1\nkind: X\nmetadata: { name: a\nb: c'))).toMatchObject([[6, 1, 4, 'YAML of step "one"', expect.stringMatching(/end with a }/)]])
    expect(await findings(yaml('apiVersion: v1\nkind: X\nkind: Y'))).toEqual([[5, 1, 7, 'YAML of step "one"', 'Map keys must be unique']])
  })
  test('what is applied is an object with a name', async () => {
    expect(await findings(yaml('apiVersion: v1\nkind: X\nmetadata:\n  name: a\n---\napiVersion: v1\nmetadata:\n  name: b')))
      .toEqual([[8, 1, 14, 'step "one" applies what is no Kubernetes object', 'no kind']])
    expect(await findings(yaml('apiVersion: v1\nkind: X\nmetadata: {}'))).toMatchObject([[3, 1, 14, expect.any(String), 'no metadata.name']])
  })
})

describe('mermaid', () => {
  test('a syntax error is at its line of the page', async () => {
    expect(await findings(`\`\`\`mermaid\nflowchart LR\n  a --> b\n  a --x--> [\n\`\`\`\n${bash('true')}`)).toMatchObject([[5, 3, 10, 'mermaid cannot read the diagram', expect.stringMatching(/^Parse error on line 3/)]])
    expect(await findings(`\`\`\`mermaid\nflowchrt LR\n\`\`\`\n${bash('true')}`)).toMatchObject([[3, 1, 11, 'mermaid cannot read the diagram', expect.stringMatching(/No diagram type/)]])
  })
  test.each([
    'sequenceDiagram\n  client->>lb: GET / on {{port}}\n  lb-->>client: 200', 'stateDiagram-v2\n  [*] --> up\n  up --> down: power cut', 'flowchart LR\n  a["b:{{port}}"] -- "x y" --> c{d}',
  ])('%j is fine', async (diagram) => {
    expect(await findings(`\`\`\`mermaid\n${diagram}\n\`\`\`\n${bash('echo {{port}}')}`, ['variables: { port: { type: port, default: 80 } }'])).toEqual([])
  })
})

describe('forbidden patterns', () => {
  test.each([
    ['curl -fsSL https://get.k3s.io | sh -', 'download piped into a shell'],
    ['wget -qO- https://x.example/i | sudo bash', 'download piped into a shell'],
    ['bash <(curl -s https://x.example/i)', 'download run by a shell'],
    ['docker run nginx:latest', 'image tag "latest"'],
    ['kubectl delete pod a --force', '--force without a reason'],
    ['curl -sk https://192.168.0.46:6443/readyz', 'certificate not verified'],
    ['curl --silent --insecure https://a', 'certificate not verified'],
    ['kubectl --insecure-skip-tls-verify get nodes', 'certificate not verified'],
    ['ssh -o StrictHostKeyChecking=no lb true', 'host key not verified'],
  ])('%s', async (text, message) => {
    expect(await findings(bash(`true\n${text}`))).toMatchObject([[4, expect.any(Number), expect.any(Number), message, expect.any(String)]])
  })
  test.each([
    'curl -o k3s https://x.example/k3s', 'curl -s https://a | grep sh', 'rm --recursive --force /tmp/x', 'rm --force a', 'kubectl apply --force-conflicts', 'docker pull nginx:1.29',
    'curl --cacert k.crt https://a', 'echo the latest', '# kubectl delete --force', 'kubectl delete pod a --force # because: its node is gone',
    '# because: the certificate is checked two steps below\ncurl --insecure https://a', 'ssh -o StrictHostKeyChecking=accept-new lb true', 'curl -o key https://a',
  ])('not %j', async (text) => expect(await findings(bash(text))).toEqual([]))
  test('a reason does not excuse a pipe into a shell', async () => {
    expect(await findings(bash('curl https://a | sh # because: easy'))).toHaveLength(1)
  })
  test('the place', async () => {
    expect(await findings(bash('kubectl delete pod a --force'))).toEqual([[3, 22, 7, '--force without a reason', '--force']])
  })
  test('images in manifests', async () => {
    expect(await findings('```yaml apply step=one rollback="none: a test"\napiVersion: v1\nkind: Pod\nmetadata: { name: a }\nimage: nginx:latest\n```\n'))
      .toEqual([[6, 8, 12, 'image tag "latest"', 'nginx:latest']])
  })
})

describe('links', () => {
  const check = async (body: string, frontmatter: readonly string[] = []) => {
    const source = page(`${body}\n\n${bash('true')}`, frontmatter)
    const runbook = { ...sound(source), id: 'chapter/page', path: join(root, 'chapter/page.mdx') }
    return (await checkRunbook(runbook, source)).map(({ position, message, received }) => [position.line - HEAD_LINES + 1, position.column, message, received])
  }
  test('relative links name files that exist', async () => {
    expect(await check('See [a](../minimal.mdx), [b](./values.mdx?x=1#check-print), [c](values.mdx), [d](https://example.org/x), [e](/x/), [f](#g), [h](mailto:a@b.c).\n\n## G')).toEqual([])
    expect(await check('See [a](../minimal.mdx) and [b](../minimum.mdx).')).toEqual([[2, 29, 'dead link', '../minimum.mdx']])
    expect(await check('See [a](../minimal), ![b](b.png) and [c][d].\n\n[d]: ./x.mdx')).toEqual([
      [2, 5, 'dead link', '../minimal'], [2, 22, 'dead link', 'b.png'], [4, 1, 'dead link', './x.mdx'],
    ])
  })
  test('requires names runbooks of the book', async () => {
    expect(await check('', ['requires: [minimal, chapter/values]'])).toEqual([])
    expect(await check('', ['requires: [minimla]'])).toEqual([[0, 1, 'requires unknown runbook "minimla". Did you mean "minimal"?', '"minimla"']])
  })
})
