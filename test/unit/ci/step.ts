/** Starts a script of a workflow as the workflow starts it. */
import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'

export const root = fileURLToPath(new URL('../../..', import.meta.url))

/** A new folder with these files, gone after the test. */
export function folder(files: Readonly<Record<string, string>> = {}): string {
  const made = mkdtempSync(join(tmpdir(), 'proofbook-ci-'))
  onTestFinished(() => rmSync(made, { recursive: true, force: true }))
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(made, name)), { recursive: true })
    writeFileSync(join(made, name), text)
  }
  return made
}

/** A script in that folder; what it gives to later steps is read as GitHub reads it. */
export async function step(script: string, cwd: string, env: Readonly<Record<string, string>> = {}, args: readonly string[] = []) {
  const file = join(folder(), 'output')
  writeFileSync(file, '')
  const clean = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(?:GITHUB|INPUT)_/.test(name)))
  const child = spawn(process.execPath, [join(root, script), ...args], { cwd, env: { ...clean, GITHUB_OUTPUT: file, ...env } })
  let [stdout, stderr] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => { stdout += chunk })
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => { stderr += chunk })
  const exit = await new Promise<number | null>((resolve) => { child.once('close', resolve) })
  const outputs = Object.fromEntries(readFileSync(file, 'utf8').split('\n').filter(Boolean).map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]))
  return { exit, stdout, stderr, outputs }
}
