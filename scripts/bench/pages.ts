/** The same work twice: a page of trivial steps, and the shortest zx script that does and checks the same. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Writes a page and returns its id. */
export function writePage(folder: string, steps: number): string {
  const blocks = Array.from({ length: steps }, (_, i) =>
    `\`\`\`bash step=echo-${i} rollback="none: it only prints"\necho ${i}\n\`\`\`\n\`\`\`text output\n${i}\n\`\`\`\n`)
  mkdirSync(join(folder, 'runbooks/bench'), { recursive: true })
  writeFileSync(join(folder, 'runbooks/bench/steps.mdx'), `---
title: Many steps
description: One process each.
risk: reversible
---

${blocks.join('\n')}`)
  return 'bench/steps'
}

/** Writes the script and returns its path. */
export function writePlainScript(folder: string, steps: number): string {
  const file = join(folder, 'plain.mjs')
  writeFileSync(file, `import { $ as any } from ${JSON.stringify(import.meta.resolve('zx/core'))}
const $ = any({ quiet: true })
for (let i = 0; i < ${steps}; i++) {
  const out = await $\`echo \${i}\`
  if (out.stdout !== i + '\\n') throw new Error('step ' + i)
}
`)
  return file
}
