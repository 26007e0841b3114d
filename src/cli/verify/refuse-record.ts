import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { BadInput } from '../../runbook/errors.ts'

/** @throws BadInput for `--record` outside of a checkout of the book, and for another topology than the page's */
export function refuseRecord({ record, agents }: { readonly record?: boolean, readonly agents?: string }): void {
  if (record && agents !== undefined) throw new BadInput('received --record and --agents: what is recorded is the page on its own topology')
  if (record && !existsSync(join(process.cwd(), 'src/content'))) {
    throw new BadInput('--record writes to src/content, and there is no such folder here: run it in a checkout of the book')
  }
}
