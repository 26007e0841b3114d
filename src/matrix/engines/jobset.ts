/** A Kubernetes JobSet (v0.8 or later, for dependsOn), and the claim that its pods share. */
import { stringify } from 'yaml'
import { timeoutMinutes, type Engine } from './engine.ts'
import { claim, dockerVolume, labContainer, plainContainer } from './pod.ts'
import { mergeLines, verifyLines } from './shell.ts'

const name = 'proofbook-shards'
const shared = { name: 'shards', persistentVolumeClaim: { claimName: name } }

export const jobset: Engine = {
  name: 'jobset',
  what: 'a Kubernetes JobSet whose pods run privileged',
  write(plan, options) {
    const count = plan.shards.length
    // An index counts from 0.
    const lines = [`SHARD="$((JOB_COMPLETION_INDEX + 1))/${count}"`, ...verifyLines(plan, options)]
    const documents = [
      { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name }, spec: claim },
      {
        apiVersion: 'jobset.x-k8s.io/v1alpha2',
        kind: 'JobSet',
        metadata: { generateName: 'proofbook-' },
        spec: {
          replicatedJobs: [
            {
              name: 'verify',
              replicas: 1,
              template: {
                spec: {
                  completionMode: 'Indexed', completions: count, parallelism: count,
                  // a pod that was lost is tried again
                  backoffLimitPerIndex: 1,
                  activeDeadlineSeconds: timeoutMinutes(plan) * 60,
                  template: {
                    spec: {
                      restartPolicy: 'Never',
                      containers: [{ name: 'verify', ...labContainer(options.image, lines, []) }],
                      volumes: [shared, dockerVolume],
                    },
                  },
                },
              },
            },
            {
              name: 'merge',
              replicas: 1,
              dependsOn: [{ name: 'verify', status: 'Complete' }],
              template: {
                spec: {
                  backoffLimit: 0,
                  template: {
                    spec: {
                      restartPolicy: 'Never',
                      containers: [{ name: 'merge', ...plainContainer(options.image, mergeLines(plan, options)) }],
                      volumes: [shared],
                    },
                  },
                },
              },
            },
          ],
        },
      },
    ]
    return documents.map(document => stringify(document, { lineWidth: 0 })).join('---\n')
  },
}
