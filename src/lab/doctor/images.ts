/** Which parts of a lab are there, and where the others would come from. */
import type { CiliumReleases } from '../images/cilium/release.ts'
import { ciliumPresent } from '../images/cilium/supply.ts'
import { findImage } from '../images/docker.ts'
import { haproxyRelease } from '../images/haproxy.ts'
import { hostRef, hostRefWith } from '../images/host-supply.ts'
import { k3sImageHere } from '../images/k3s-supply.ts'
import { builtNode } from '../images/node-supply.ts'
import { programsPresent } from '../images/programs.ts'
import { ask } from '../images/run.ts'
import { upstream } from '../versions.ts'
import type { Finding } from './finding.ts'
import type { Builds } from './tools.ts'

export interface ImageFacts {
  readonly node: boolean
  readonly host: boolean
  /** What nodes of k3d run; `undefined`: neither is there. */
  readonly k3s?: 'k3s' | 'stand-in'
  /** kind, kubectl, vegeta and etcdutl are in the cache. */
  readonly programs: boolean
  /** Node image, Helm and chart of the Cilium that a lab is to have; `undefined`: no lab asks for one. */
  readonly cilium?: boolean
  /** `undefined`: not asked, since nothing is missing or no engine answers. */
  readonly registry?: boolean
  /** The folder of `PROOFBOOK_AIRGAP`. */
  readonly airgap?: string
}

/**
 * @param engine Docker answers
 * @param releases of Cilium that a lab is to have
 * @param haproxy that its hosts are to offer
 */
export async function imageFacts(engine: boolean, releases?: CiliumReleases, haproxy = haproxyRelease()): Promise<ImageFacts> {
  const [node, built, host] = engine ? await Promise.all([upstream.node, builtNode, hostRefWith(haproxy)].map(findImage)) : []
  const k3s = engine ? await k3sImageHere() : undefined
  const present = { node: (node ?? built) !== undefined, host: host !== undefined, programs: programsPresent() }
  const airgap = process.env.PROOFBOOK_AIRGAP
  const cilium = releases === undefined ? undefined : engine && await ciliumPresent(releases)
  const complete = present.node && present.host && cilium !== false
  return {
    ...present,
    ...cilium === undefined ? {} : { cilium },
    ...k3s === undefined ? {} : { k3s },
    ...engine && !complete ? { registry: await registryAnswers() } : {},
    ...airgap === undefined || airgap === '' ? {} : { airgap },
  }
}

/** Asks for a manifest, which downloads no image. The engine may know mirrors that this does not: it is a forecast. */
const registryAnswers = async (): Promise<boolean> =>
  await ask(['docker', 'manifest', 'inspect', upstream.debian], { timeout: 10_000 }) !== undefined

/** Helm is a program, and the chart comes by the Go module: for Cilium, Go is needed with a registry, too. */
export function buildsFor({ node, host, programs, cilium = true, registry }: ImageFacts): Builds {
  const own = registry !== true
  return { go: !programs || !cilium || !node && own, debian: own && !(node && host && cilium), c: own && !node }
}

export function imageFindings(facts: ImageFacts): Finding[] {
  const images: Finding[] = [part('node image', facts.node, builtNode, facts), part('host image', facts.host, hostRef, facts), k3s(facts)]
  const programs: Finding = facts.programs
    ? { name: 'programs', state: 'ok', detail: 'kind, kubectl, vegeta, etcdutl' }
    : { name: 'programs', state: 'ok', detail: 'kind, kubectl, vegeta, etcdutl will be built from Go modules' }
  return [...facts.registry === undefined ? [] : [registryFinding(facts.registry)], ...images, programs]
}

function registryFinding(answers: boolean): Finding {
  return answers
    ? { name: 'image registry', state: 'ok', detail: 'answers: images are pulled' }
    : { name: 'image registry', state: 'adapted', detail: 'does not answer: images are built from Debian packages and Go modules' }
}

/** Which of the two a lab on k3d has here: the difference between a proof and none. */
function k3s({ k3s: here, registry, airgap }: ImageFacts): Finding {
  const name = 'k3s image'
  const standIn = 'results of --on k3d say so and never count as verified'
  if (here === 'k3s') return { name, state: 'ok', detail: `k3s ${upstream.k3sVersion}, in Docker` }
  if (here === 'stand-in') return { name, state: 'adapted', detail: `a stand-in for k3s, in Docker: ${standIn}` }
  if (registry === true) return { name, state: 'ok', detail: `k3s ${upstream.k3sVersion} will be pulled for a lab on k3d` }
  const from = airgap === undefined ? 'no image of k3s' : `no image of k3s but what may be in ${airgap}`
  return { name, state: 'adapted', detail: `${from}: where no registry answers a lab on k3d has a stand-in, and ${standIn}` }
}

function part(name: string, present: boolean, ref: string, { registry, airgap }: ImageFacts): Finding {
  if (present) return { name, state: 'ok', detail: 'in Docker' }
  const from = airgap !== undefined && registry !== true ? `looked for in ${airgap}, else built`
    : registry === true ? 'pulled' : `built as ${ref}`
  return { name, state: 'ok', detail: `will be ${from}` }
}
