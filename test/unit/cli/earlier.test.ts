import { expect, test } from 'vitest'
import { refuseOtherCluster } from '../../../src/cli/earlier.ts'

const how = { target: 'hosts', lab: 'lab', selection: {} }

test('a run goes on with its own cluster only', () => {
  const home = 'https://192.168.0.45:6443, cluster 3f9c'
  expect(() => refuseOtherCluster({ how: { ...how, cluster: home } }, { cluster: 'https://192.168.0.45:6443, cluster 77aa' }))
    .toThrow('received https://192.168.0.45:6443, cluster 77aa, expected the cluster that the run was begun on: https://192.168.0.45:6443, cluster 3f9c')
  expect(() => refuseOtherCluster({ how: { ...how, cluster: home } }, { cluster: home })).not.toThrow()
  expect(() => refuseOtherCluster({ how }, {})).not.toThrow()
})
