/** What the result of a page has to be, whatever page it is. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Proven } from '../../src/cli/verify/one.ts'
import type { Result } from '../../src/report/result.ts'
import { parseRunbook } from '../../src/runbook/parse.ts'
import { proofbook, root } from './proofbook.ts'

/** Verifies pages, as their reader would. @param labs side by side */
export async function verified(ids: readonly string[], lab: string, labs = 1): Promise<readonly Result[]> {
  const { stdout } = await proofbook(['verify', ...ids, '--on', 'kind', '--lab', lab, '--parallel', String(labs), '--json'])
  const { result, results = [] } = JSON.parse(stdout) as { result?: Result, results?: readonly Proven[] }
  return result === undefined ? results.map(one => one.result) : [result]
}

/**
 * The tests of each page.
 * @param results asked for when the tests run
 * @param lab where a page is verified anew when Vitest asks once more (vitest.config.ts): by then the page is flaky
 */
export function eachIsVerified(ids: readonly string[], results: () => readonly Result[], lab: string): void {
  describe.each(ids)('%s', (id) => {
    let anew: Result | undefined
    const result = (): Result => anew ?? results().find(({ runbook }) => runbook === id)!

    test('verified: no retry, nothing left behind', async ({ task }) => {
      if ((task.result?.retryCount ?? 0) > 0) [anew] = await verified([id], lab)
      expect(result().failure).toBeUndefined()
      expect(result()).toMatchObject({ verdict: 'verified', retries: 0, leftBehind: [] })
    })

    test('every block of the page ran, save those of another distribution or network', () => {
      const path = join(root, `runbooks/${id}.mdx`)
      const { runbook } = parseRunbook(readFileSync(path), { id, path })
      // What labs of kind are; a condition on anything else holds nowhere.
      const here: Readonly<Record<string, string>> = { distro: 'kubeadm', cni: result().cni }
      for (const { kind, name, condition } of runbook!.blocks.filter(block => block.kind !== 'skip')) {
        const statuses = result().blocks.filter(block => block.kind === kind && block.name === name).map(({ status }) => status)
        expect(statuses, `${kind} ${name}`).not.toEqual([])
        const elsewhere = condition !== undefined && here[condition.fact] !== condition.value
        // The undo of a step that did not run has nothing to undo, and says so.
        if (!elsewhere || kind !== 'rollback') expect(new Set(statuses), `${kind} ${name}`).toEqual(new Set([elsewhere ? 'skipped' : 'ok']))
      }
    })
  })
}
