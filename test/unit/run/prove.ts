/** Runs a small page for real: parsed, emitted, loaded, and executed by bash on this machine, in a folder of its own. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { Result } from '../../../src/report/result.ts'
import { parseRunbook } from '../../../src/runbook/parse.ts'
import type { RunEvent } from '../../../src/run/events.ts'
import { createRunFolder, type RunFolder } from '../../../src/run/folder.ts'
import type { RunOptions } from '../../../src/run/run.ts'
import { verify } from '../../../src/run/verify.ts'
import { walk, type WalkOptions } from '../../../src/run/walk.ts'
import { emitScript } from '../../../src/script/emit.ts'
import { loadScript } from '../../../src/script/load.ts'
import { localTarget } from '../../../src/target/local.ts'
import type { Target } from '../../../src/target/target.ts'

export interface Proof {
  readonly cwd: string
  readonly folder: RunFolder
  readonly events: RunEvent[]
  options(extra?: Partial<RunOptions>): RunOptions
  verify(extra?: Partial<RunOptions>): Promise<Result>
  walk(extra?: Partial<WalkOptions>): Promise<Result>
}

/** A target that counts as a lab: its inventory is every file below its folder, with content. */
export function labTarget(cwd: string, extra: Partial<Target> = {}): Target {
  return {
    // A bash that waits for the next step would look as one that runs a step: here the "killed" process goes on.
    ...localTarget({ cwd, ahead: false, hosts: [
      { name: 'workstation', roles: ['client'] },
      { name: 'lb', roles: [] },
      { name: 's1', roles: ['servers'] },
      { name: 's2', roles: ['servers'] },
      { name: 's3', roles: ['servers'] },
    ] }),
    name: 'kind',
    lab: true,
    facts: { target: 'kind', distro: 'kubeadm' },
    versions: async () => ({ bash: '5' }),
    inventory: async () => readdirSync(cwd, { recursive: true, encoding: 'utf8' })
      .filter(name => statSync(join(cwd, name)).isFile())
      .map(name => `file ${name} ${readFileSync(join(cwd, name), 'utf8').trim()}`),
    ...extra,
  }
}

/** @param blocks the page behind its frontmatter; `{{cwd}}` is not a variable: use relative paths */
export async function prove(blocks: string, { variables = '', idempotent = false, target = {} as Partial<Target> } = {}): Promise<Proof> {
  const base = mkdtempSync(join(tmpdir(), 'proofbook-test-'))
  onTestFinished(() => rmSync(base, { recursive: true, force: true }))
  const cwd = mkdtempSync(join(base, 'work-'))
  const source = `---\ntitle: T\ndescription: D.\nrisk: reversible\n${idempotent ? 'idempotent: true\n' : ''}${variables}---\n\n${blocks}\n`
  const { runbook, diagnostics } = parseRunbook(source, { id: 't/page', path: 't/page.mdx' })
  if (!runbook) throw new Error(JSON.stringify(diagnostics, undefined, 2))
  const folder = createRunFolder(join(base, '.proofbook'), runbook.id, emitScript(runbook, { version: '0.0.0' }))
  const script = await loadScript(folder.script)
  const events: RunEvent[] = []
  const options = (extra: Partial<RunOptions> = {}): RunOptions => ({
    script, folder,
    target: labTarget(cwd, target),
    values: Object.fromEntries(runbook.variables.map(({ name, default: value }) => [name, value])),
    proofbook: '0.0.0',
    signal: new AbortController().signal,
    listen: event => events.push(event),
    ...extra,
  })
  return {
    cwd, folder, events, options,
    verify: extra => verify(options(extra)),
    walk: extra => walk({ ...options(), ...extra }),
  }
}

export function fence(head: string, text: string): string {
  return `\`\`\`${head}\n${text}\n\`\`\`\n`
}

export const statusOf = (result: Result, name: string): string[] =>
  result.blocks.filter(block => block.name === name).map(({ phase, status, host }) => `${phase} ${status} ${host}`)
