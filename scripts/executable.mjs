/**
 * After the compiler: `npx proofbook` in a clone starts the compiled file itself, which the compiler writes without the
 * right to be started; and what was compiled from a source that is gone goes too, so that it gets into no package.
 */
import { chmodSync, existsSync, globSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
for (const file of globSync('dist/**/*.js', { cwd: root })) {
  const name = file.slice('dist/'.length, -'.js'.length)
  if (existsSync(join(root, 'src', `${name}.ts`))) continue
  for (const ending of ['.js', '.d.ts']) rmSync(join(root, 'dist', name + ending), { force: true })
}
chmodSync(join(root, 'dist/cli/main.js'), 0o755)
