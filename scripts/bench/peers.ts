/** Other tools on the same work, each in its own syntax. What is not installed is said, and no fault. */
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

export interface Peer {
  readonly name: string
  /** Whether it gives each step a process of its own. */
  readonly isolates: boolean
  /** Writes the page and returns the command; undefined when it is not installed. */
  prepare(folder: string, steps: number): readonly string[] | undefined
}

const section = (i: number, text: string): string => `## Step ${i}\n\nPrint the number ${i}.\n\n${text}\n`

function tool(name: string, file: string, isolates: boolean, step: (i: number) => string, args: (path: string) => readonly string[], settings?: readonly [file: string, text: string]): Peer {
  return {
    name, isolates,
    prepare(folder, steps) {
      if (spawnSync('bash', ['-c', 'command -v "$1"', 'which', name]).status !== 0) return undefined
      const path = join(folder, file)
      writeFileSync(path, Array.from({ length: steps }, (_, i) => step(i)).join('\n'))
      if (settings !== undefined) writeFileSync(join(folder, settings[0]), settings[1])
      return [name, ...args(path)]
    },
  }
}

/** Register a peer here. */
export const peers: readonly Peer[] = [
  tool('cram', 'cram.t', false, i => `Print the number ${i}.\n\n  $ echo ${i}\n  ${i}\n`, path => [path]),
  tool('prysk', 'prysk.t', false, i => `Print the number ${i}.\n\n  $ echo ${i}\n  ${i}\n`, path => [path]),
  tool('byexample', 'byexample.md', false, i => section(i, `\`\`\`shell\n$ echo ${i}\n${i}\n\`\`\``), path => ['-l', 'shell', path]),
  tool('mdsh', 'mdsh.md', true, i => section(i, `\`$ echo ${i}\`\n\n\`\`\`\n${i}\n\`\`\``), path => ['--frozen', '-i', path]),
  tool('scrut', 'scrut.md', true, i => section(i, `\`\`\`scrut\n$ echo ${i}\n${i}\n\`\`\``), path => ['test', path]),
  tool('doc-detective', 'page.md', true,
    i => section(i, `<!-- step ${JSON.stringify({ runShell: { command: `echo ${i}`, stdio: String(i) } })} -->\n\`\`\`sh\necho ${i}\n\`\`\``),
    path => ['--config', join(dirname(path), '.doc-detective.json'), '--input', path, '--output', `${path}.out`],
    // It would tell its makers of each run.
    ['.doc-detective.json', '{ "telemetry": { "send": false } }']),
  tool('bats', 'steps.bats', true, i => `@test "step ${i}" {\n  run echo ${i}\n  [ "$output" = ${i} ]\n}\n`, path => [path]),
]
