/** Commands that help to write a page, as what they print and write. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, onTestFinished, test } from 'vitest'
import { graph } from '../../../src/author/graph.ts'
import { skeleton } from '../../../src/author/skeleton.ts'
import { checkRunbook } from '../../../src/check/check.ts'
import type { Result } from '../../../src/report/result.ts'
import { writeResult } from '../../../src/report/store.ts'
import { parseRunbook } from '../../../src/runbook/parse.ts'
import { prove } from '../run/prove.ts'
import { page, sound } from '../runbook/page.ts'

const cli = fileURLToPath(new URL('../../../src/cli/main.ts', import.meta.url))

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'proofbook-author-'))
  onTestFinished(() => rmSync(made, { recursive: true, force: true }))
  return made
}

function proofbook(cwd: string, ...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...args], { cwd, encoding: 'utf8', env: { ...process.env, NO_COLOR: '1' } })
  return { status, stdout, stderr }
}

describe('new', () => {
  test('a page that every gate passes', async () => {
    const source = skeleton('second-address')
    const { runbook, diagnostics } = parseRunbook(source, { id: 'x/second-address', path: 'x/second-address.mdx' })
    expect(diagnostics).toEqual([])
    expect(await checkRunbook(runbook!, source)).toEqual([])
    expect(runbook!.title).toBe('Second address')
  })
  test('a page that holds, is undone and leaves nothing behind', async () => {
    const body = skeleton('second-address').replace(/^---[\s\S]*?---\n/, '').replaceAll('/etc/', './')
      // A file is written to an absolute path of a host; here bash writes it, below the folder of the test.
      .replace('```ini step=configure file=./second-address.conf mode=0644 on=client\ntext = {{text}}', '```bash step=configure on=client\necho "text = {{text}}" > second-address.conf')
    const { verify } = await prove(body, { variables: 'variables: { text: { type: name, default: hello } }\n' })
    expect(await verify()).toMatchObject({ verdict: 'verified', leftBehind: [] })
  })
  test('is written once, and never over a page', () => {
    const cwd = folder()
    expect(proofbook(cwd, 'new', 'cni/routes')).toMatchObject({ status: 0 })
    expect(proofbook(cwd, 'check')).toMatchObject({ status: 0, stdout: 'no errors in 1 runbook.\n' })
    writeFileSync(join(cwd, 'runbooks/cni/routes.mdx'), 'mine')
    expect(proofbook(cwd, 'new', 'cni/routes')).toMatchObject({ status: 2, stderr: expect.stringContaining('is there already') })
    expect(readFileSync(join(cwd, 'runbooks/cni/routes.mdx'), 'utf8')).toBe('mine')
  })
  test.each(['routes', '../x/y', 'a/b/c', 'A/b', 'a/-b', '/a/b', 'a/b.mdx', ''])('no page %j', (id) => {
    expect(proofbook(folder(), 'new', id)).toMatchObject({ status: 2, stdout: '' })
  })
})

describe('graph', () => {
  const { parse } = { parse: async (text: string): Promise<string[]> => {
    const source = page(`\`\`\`mermaid\n${text}\`\`\`\n\n\`\`\`bash check=x\ntrue\n\`\`\``)
    return (await checkRunbook(sound(source), source)).map(({ message, received }) => `${message}: ${received}`)
  } }
  test('steps in order, their checks, their rollbacks, what they need', async () => {
    const { runbook } = parseRunbook(readFileSync('test/fixtures/runbooks/all-features.mdx'), { id: 'a', path: 'a' })
    const text = graph(runbook!)
    const node = (name: string): string => new RegExp(`^  (b\\d+)\\S"?.?"?${name}<br/>`, 'm').exec(text)?.[1] ?? name
    expect(text).toContain(`${node('step configure')} --> ${node('step serve')}`)
    expect(text).toContain(`${node('step serve')} -.-> ${node('check greeting-served')}`)
    expect(text).toContain(`${node('rollback serve')} -. undoes .-> ${node('step serve')}`)
    expect(text).toContain('drill power-cut')
    expect(text).not.toContain('skip-')
    expect(await parse(text)).toEqual([])
  })
  test('mermaid reads the graph of a page whose names are words of mermaid', async () => {
    const blocks = ['end', 'graph', 'class', 'click', 'default', 'o-x'].map((name) => `\`\`\`bash step=${name} rollback="none: x"\ntrue\n\`\`\``).join('\n\n')
    expect(await parse(graph(sound(page(blocks))))).toEqual([])
    expect(await parse('flowchart TD\n  end["x"]\n')).not.toEqual([])
  })
})

describe('update', () => {
  const body = `\`\`\`bash check=nodes
cat nodes
\`\`\`
\`\`\`text output
NAME   AGE      IP
old    {{age}}  {{lb}}
s2     {{age}}  {{ip}}
{{...}}
end
\`\`\`

\`\`\`bash check=same
echo same
\`\`\`
\`\`\`text output
same
\`\`\`
`
  const variables = 'variables: { lb: { type: ipv4, default: 10.0.0.9 } }\n'
  /** A book with that page and the result of a run in which the nodes are these. */
  async function book(nodes: string, { crlf = false } = {}): Promise<{ cwd: string, file: string, source: string }> {
    const cwd = folder()
    const source = page(body, [variables.trim()])
    const text = crlf ? `\uFEFF${source.replaceAll('\n', '\r\n')}` : source
    const proof = await prove(body, { variables })
    writeFileSync(join(proof.cwd, 'nodes'), nodes)
    const result = await proof.verify()
    const file = join(cwd, 'runbooks/a/page.mdx')
    mkdirSync(join(cwd, 'runbooks/a'), { recursive: true })
    writeFileSync(file, text)
    const { runbook } = parseRunbook(Buffer.from(text), { id: 'a/page', path: 'p' })
    mkdirSync(join(cwd, '.proofbook/results'), { recursive: true })
    const own: Result = { ...result, runbook: 'a/page', target: 'kind', source: { path: 'a/page.mdx', sha256: runbook!.sha256 } }
    await writeResult(join(cwd, '.proofbook/results/a-page.kind.json'), own)
    return { cwd, file, source: text }
  }
  const changed = 'NAME   AGE      IP\nlb     5m  10.0.0.9\ns2     3h  10.0.0.2\nskipped\nskipped too\nend\nnew last\n'

  test('shows what differs and writes nothing', async () => {
    const { cwd, file, source } = await book(changed)
    const { status, stdout } = proofbook(cwd, 'update', 'a/page')
    expect(status).toBe(0)
    expect(stdout).toContain([
      '  NAME   AGE      IP', '- old    {{age}}  {{lb}}', '+ lb     5m  {{lb}}', '  s2     {{age}}  {{ip}}', '  {{...}}', '  end', '+ new last',
    ].join('\n'))
    expect(stdout).toContain('1 output differs')
    expect(readFileSync(file, 'utf8')).toBe(source)
  })
  test.each([false, true])('--write changes those lines and no other byte (CRLF and byte order mark: %s)', async (crlf) => {
    const { cwd, file, source } = await book(changed, { crlf })
    expect(proofbook(cwd, 'update', 'a/page', '--write').status).toBe(0)
    const eol = crlf ? '\r\n' : '\n'
    expect(readFileSync(file, 'utf8')).toBe(source.replace('old    {{age}}  {{lb}}', 'lb     5m  {{lb}}').replace(`end${eol}`, `end${eol}new last${eol}`))
    // The result is now one of another page.
    expect(proofbook(cwd, 'update', 'a/page')).toMatchObject({ status: 2, stderr: expect.stringContaining('has changed since its last result') })
  })
  test('what agrees is not touched', async () => {
    const { cwd } = await book('NAME   AGE      IP\nold    5m  10.0.0.9\ns2     3h  10.0.0.2\nwhatever\nend\n')
    expect(JSON.parse(proofbook(cwd, 'update', 'a/page', '--json').stdout)).toMatchObject({ changes: [], refusals: [], written: false })
  })
  test.each([['```bash', 'would end the fence'], ['{{any}}', 'reads as a variable'], ['{{...}}', 'reads as a matcher']])('%j is left to the author', async (line, why) => {
    const { cwd, file, source } = await book(`${changed}${line}\n`)
    const { stdout } = proofbook(cwd, 'update', 'a/page', '--write')
    expect(stdout).toContain(why)
    expect(readFileSync(file, 'utf8')).toBe(source)
  })
  test('a page without a result', () => {
    const cwd = folder()
    cpSync('test/fixtures/runbooks', join(cwd, 'runbooks'), { recursive: true })
    expect(proofbook(cwd, 'update', 'minimal')).toMatchObject({ status: 2, stderr: expect.stringContaining('no result of minimal') })
  })
})

describe('check --watch', () => {
  /** Resolves when what the process printed, from `from` on, matches. */
  async function printed(child: ChildProcess, pattern: RegExp, text: () => string): Promise<string> {
    while (!pattern.test(text())) {
      if (child.exitCode !== null) throw new Error(`ended with ${child.exitCode}: ${text()}`)
      await new Promise(resolve => child.stdout!.once('data', resolve).once('close', resolve))
    }
    return text()
  }
  test('a page is checked again each time it is saved, until Ctrl-C', async () => {
    const cwd = folder()
    mkdirSync(join(cwd, 'runbooks'))
    const file = join(cwd, 'runbooks/one.mdx')
    const good = page('```bash check=one\ntrue\n```')
    writeFileSync(file, good)
    const child = spawn(process.execPath, [cli, 'check', '--watch'], { cwd, env: { ...process.env, NO_COLOR: '1' }, stdio: ['ignore', 'pipe', 'pipe'] })
    onTestFinished(() => { child.kill('SIGKILL') })
    let out = ''
    let err = ''
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => { out += chunk })
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => { err += chunk })
    await printed(child, /no errors in 1 runbook/, () => out)
    while (!err.includes('watching')) await new Promise(resolve => child.stderr.once('data', resolve))
    out = ''
    writeFileSync(file, good.replace('check=one', 'chekc=one'))
    expect(await printed(child, /1 error in 1 runbook/, () => out)).toContain('Did you mean "check"?')
    out = ''
    writeFileSync(file, good)
    await printed(child, /no errors in 1 runbook/, () => out)
    child.kill('SIGINT')
    await new Promise(resolve => child.once('exit', resolve))
    expect(child.signalCode).toBeNull()
  })
})
