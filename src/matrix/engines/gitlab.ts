/** GitLab CI: a pipeline, for a child pipeline of one's own (`trigger: include: artifact`). */
import { stringify } from 'yaml'
import { timeoutMinutes, type Engine } from './engine.ts'
import { verifyCommand } from './shell.ts'

export const gitlab: Engine = {
  name: 'gitlab',
  what: 'a pipeline for GitLab CI, with a parallel matrix',
  // gitlab.com/gitlab-org/gitlab/-/issues/438369: 200 jobs of one parallel:matrix
  most: 200,
  write(plan, { image }) {
    return stringify({
      stages: ['verify', 'merge'],
      default: { image, before_script: ['npm ci --no-audit --no-fund'] },
      verify: {
        stage: 'verify',
        // of runners with `privileged = true`
        tags: ['privileged'],
        timeout: `${timeoutMinutes(plan)}m`,
        parallel: { matrix: [{ SHARD: plan.shards.map(({ shard }) => shard) }] },
        script: [
          'npx proofbook setup --yes',
          verifyCommand(plan),
        ],
        after_script: [
          'to="shards/$(echo "$SHARD" | tr / -)"; mkdir -p "$to/results"',
          'for part in results history.jsonl; do if [ -e ".proofbook/$part" ]; then cp -r ".proofbook/$part" "$to"; fi; done',
        ],
        artifacts: { when: 'always', paths: ['shards/'] },
      },
      merge: {
        stage: 'merge',
        // also after a page that failed
        when: 'always',
        needs: [{ job: 'verify', artifacts: true }],
        script: ['npx proofbook report merge shards/*/ --output .proofbook'],
        artifacts: { when: 'always', paths: ['.proofbook/results/', '.proofbook/history.jsonl'] },
      },
    }, { lineWidth: 0 })
  },
}
