/** Argo Workflows: the shards at once, then the merging. The storage class must take many writers. */
import { stringify } from 'yaml'
import { timeoutMinutes, type Engine } from './engine.ts'
import { claim, dockerVolume, labContainer, plainContainer } from './pod.ts'
import { mergeLines, verifyLines } from './shell.ts'

export const argo: Engine = {
  name: 'argo',
  what: 'an Argo Workflow whose pods run privileged',
  write(plan, options) {
    return stringify({
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Workflow',
      metadata: { generateName: 'proofbook-' },
      spec: {
        entrypoint: 'night',
        volumeClaimTemplates: [{ metadata: { name: 'shards' }, spec: claim }],
        templates: [
          {
            name: 'night',
            steps: [
              [{
                name: 'verify', template: 'verify',
                // a shard whose pod was lost does not hide the others
                continueOn: { failed: true, error: true },
                arguments: { parameters: [{ name: 'shard', value: '{{item}}' }] },
                withItems: plan.shards.map(({ shard }) => shard),
              }],
              [{ name: 'merge', template: 'merge' }],
            ],
          },
          {
            name: 'verify',
            inputs: { parameters: [{ name: 'shard' }] },
            activeDeadlineSeconds: timeoutMinutes(plan) * 60,
            volumes: [dockerVolume],
            container: labContainer(options.image, verifyLines(plan, options), [{ name: 'SHARD', value: '{{inputs.parameters.shard}}' }]),
          },
          { name: 'merge', container: plainContainer(options.image, mergeLines(plan, options)) },
        ],
      },
    }, { lineWidth: 0 })
  },
}
