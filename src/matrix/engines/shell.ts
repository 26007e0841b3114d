/** What a shard does in a bare container: the same lines for every engine that starts one. */
import type { MatrixPlan } from '../plan.ts'
import type { EngineOptions } from './engine.ts'

/** Where the shards' results are gathered. */
export const SHARDS = '/shards'

const word = (text: string): string => /^[\w./,:=@+-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`

const checkout = ({ repository, revision }: EngineOptions): string[] => [
  'git init --quiet /book && cd /book',
  `git fetch --quiet --depth 1 ${word(repository)} ${word(revision)} && git checkout --quiet FETCH_HEAD`,
  'npm ci --no-audit --no-fund',
]

/**
 * With the shard in `$SHARD`. It ends well when the shard was done, whatever the verdicts, so that the merging is never
 * skipped; the exit code of `verify` lies beside its results.
 */
export function verifyLines(plan: MatrixPlan, options: EngineOptions): string[] {
  return [
    ...checkout(options),
    'npx proofbook setup --yes',
    `code=0; ${verifyCommand(plan)} || code=$?`,
    `to="${SHARDS}/$(echo "$SHARD" | tr / -)"; rm -rf "$to"; mkdir -p "$to/results"`,
    'for part in results history.jsonl; do if [ -e ".proofbook/$part" ]; then cp -r ".proofbook/$part" "$to"; fi; done',
    'echo "$code" > "$to/exit"',
  ]
}

export const verifyCommand = (plan: MatrixPlan): string =>
  ['npx proofbook verify', ...plan.arguments.map(word), '--shard "$SHARD"'].join(' ')

/** All shards into one folder; ends as the gravest of them did. */
export function mergeLines(plan: MatrixPlan, options: EngineOptions): string[] {
  return [
    ...checkout(options),
    `npx proofbook report merge ${SHARDS}/*/ --output ${SHARDS}/merged`,
    // a shard of which nothing came is none that held
    `test "$(cat ${SHARDS}/*/exit | grep --count '^0$')" -eq ${plan.shards.length}`,
  ]
}

export const asScript = (lines: readonly string[]): string => `${['set -eu', ...lines].join('\n')}\n`
