import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { namedIn, pageImages } from '../../../src/lab/images/page-images.ts'
import { versions, workloads } from '../../../src/lab/versions.ts'
import { findRunbooks, runbooksRoot } from '../../../src/runbook/locate.ts'

test('a text that names an image gets that one, another none', () => {
  for (const image of pageImages) expect(namedIn(`image: ${image.ref}\n`)).toEqual([image])
  expect(namedIn('image: docker.io/library/postgres:99')).toEqual([])
})

test('every image that a page of the book starts is one that labs have', async () => {
  for (const { path } of await findRunbooks(runbooksRoot())) {
    const page = readFileSync(path, 'utf8')
    const named = [...page.matchAll(/(?:image:|--image) '?([a-z0-9.-]+\.[a-z]+\/[\w./:-]+)/g)].map(([, ref]) => ref!)
    // its nodes have Cilium's images, of the release that a variable names
    const ofNetwork = (ref: string): boolean => /^cni: cilium$/m.test(page) && ref.startsWith('quay.io/cilium/')
    // the sandbox of every pod is of this image: a node of ours has it, and one of upstream where its kubeadm has the same
    const sandbox = `registry.k8s.io/pause:${versions.pause}`
    // every lab has the echo server, built or not; what only our build of a node carries would fail with upstream's
    for (const ref of named.filter(ref => ref !== workloads.echo && ref !== sandbox && !ofNetwork(ref))) expect(namedIn(ref), `${path}: ${ref}`).toHaveLength(1)
  }
})
