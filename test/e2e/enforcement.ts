/** One matrix for every network: small enough for every day, measured by the command as its users have it. */
import { proofbook } from './proofbook.ts'

export const MATRIX = 'test/fixtures/policy/enforcement.yaml'

export interface Told {
  readonly summary: { readonly cells: number, readonly held: number, readonly differ: number, readonly enforced: boolean }
  readonly enforcer: string
  readonly cells: readonly { readonly flow: string, readonly expect: string, readonly ok: boolean, readonly why: string, readonly outcome: string }[]
}

/** @param as see `proofbook` */
export async function measuredIn(lab: string, as = ''): Promise<{ exit: number | null, told: Told }> {
  const { exit, stdout } = await proofbook(['policy', 'matrix', MATRIX, '--lab', lab, '--within', '10', '--json'], { as })
  return { exit, told: JSON.parse(stdout) as Told }
}
