/** The same work in two forms: pages of trivial steps, and a bare bash loop that starts, and checks, the same. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** Writes a page and returns its id. @param text of step i @param printed what step i must print, where that is looked at */
export function writePage(folder: string, steps: number, id = 'bench/steps', text = (i: number): string => `echo ${i}`,
  printed: ((i: number) => string) | null = String): string {
  const blocks = Array.from({ length: steps }, (_, i) =>
    `\`\`\`bash step=echo-${i} rollback="none: it only prints"\n${text(i)}\n\`\`\`\n${printed ? `\`\`\`text output\n${printed(i)}\n\`\`\`\n` : ''}`)
  const file = join(folder, 'runbooks', `${id}.mdx`)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, `---
title: Many steps
description: One process each.
risk: reversible
---

${blocks.join('\n')}`)
  return id
}

/** Writes a Node program that does the same by zx alone, and returns its path. */
export function writeZx(folder: string, steps: number): string {
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

/** Writes a bash script with one `bash -c` a step and returns its path. */
export function writeLoop(folder: string, steps: number): string {
  const file = join(folder, 'loop.sh')
  writeFileSync(file, `for ((i = 0; i < ${steps}; i++)); do
  out=$(bash -c "echo $i")
  [ "$out" = "$i" ] || exit 1
done
`)
  return file
}
