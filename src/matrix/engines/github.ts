/** GitHub Actions: one line of JSON for `strategy.matrix: ${{ fromJSON(…) }}`. */
import { timeoutMinutes, type Engine } from './engine.ts'

export const github: Engine = {
  name: 'github',
  what: 'one line of JSON for strategy.matrix of GitHub Actions',
  // docs.github.com, "Actions limits": 256 jobs of one matrix in a workflow run
  most: 256,
  write(plan) {
    const include = plan.shards.map(({ shard, expectedMs, cells }) => ({
      shard,
      // names of artefacts take no slash
      name: shard.replace('/', '-of-'),
      arguments: plan.arguments.join(' '),
      minutes: Math.ceil(expectedMs / 60_000),
      timeout: timeoutMinutes(plan),
      runbooks: [...new Set(cells.map(({ id }) => id))].join(' '),
    }))
    return `${JSON.stringify({ include })}\n`
  },
}
