import { spawn } from 'node:child_process'
import { mkdtempSync, existsSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'

const cli = fileURLToPath(new URL('../../../src/cli/main.ts', import.meta.url))

test('who reads may go before all is said, as head does: no stack trace, and the work is done', async () => {
  const cwd = mkdtempSync(join(tmpdir(), 'proofbook-pipe-'))
  onTestFinished(() => rmSync(cwd, { recursive: true, force: true }))
  const child = spawn(process.execPath, [cli, 'init'], { cwd, stdio: ['ignore', 'pipe', 'pipe'] })
  child.stdout.destroy()
  let stderr = ''
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => { stderr += chunk })
  const exit = await new Promise((resolve) => { child.once('close', resolve) })
  expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' })
  expect(existsSync(join(cwd, 'proofbook.json'))).toBe(true)
})
