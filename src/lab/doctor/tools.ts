/** Programs that a build of our own needs. */
import { existsSync } from 'node:fs'
import { findGo, goVersion } from '../images/go.ts'
import { ask } from '../images/run.ts'
import { versions } from '../versions.ts'
import type { Finding } from './finding.ts'

export interface ToolFacts {
  /** Version of a Go that is new enough. */
  readonly go?: string
  /** Version of any other Go on PATH: it can fetch the right one. */
  readonly oldGo?: string
  readonly mmdebstrap: boolean
  readonly compiler: boolean
  /** Headers of libseccomp, and pkg-config, which finds them. */
  readonly seccomp: boolean
}

export async function toolFacts(): Promise<ToolFacts> {
  const has = async (program: string) => await ask(['sh', '-c', `command -v ${program}`]) !== undefined
  const [go, mmdebstrap, compiler, pkgConfig] = await Promise.all([
    findGo(), has('mmdebstrap'), has('gcc'), has('pkg-config'),
  ])
  const oldGo = go === undefined ? await goVersion('go') : undefined
  return {
    ...go === undefined ? {} : { go: go.version },
    ...oldGo === undefined ? {} : { oldGo },
    mmdebstrap,
    // a compiler without the C library's headers compiles nothing
    compiler: compiler && existsSync('/usr/include/stdio.h'),
    seccomp: pkgConfig && existsSync('/usr/include/seccomp.h'),
  }
}

/** What has to be built here. */
export interface Builds {
  /** Programs in Go: always ours where they are not in the cache yet. */
  readonly go: boolean
  /** Root filesystems: no registry answers. */
  readonly debian: boolean
  /** The node image with runc, flannel and pause, which are C in part. */
  readonly c: boolean
}

export function toolFindings(facts: ToolFacts, builds: Builds): Finding[] {
  return [
    finding('Go', facts.go !== undefined, builds.go, facts.go ?? '',
      facts.oldGo === undefined ? `not installed; ${versions.goMinimum} or later builds Kubernetes` : `${facts.oldGo}; ${versions.goMinimum} or later builds Kubernetes`),
    finding('mmdebstrap', facts.mmdebstrap, builds.debian, 'installed', 'not installed; it makes images from Debian packages'),
    finding('C compiler', facts.compiler && facts.seccomp, builds.c, 'gcc, libseccomp',
      `${facts.compiler ? 'libseccomp-dev or pkg-config' : 'gcc'} is not installed; runc and flannel need it`),
  ]
}

function finding(name: string, present: boolean, needed: boolean, detail: string, missing: string): Finding {
  if (present) return { name, state: 'ok', detail }
  if (!needed) return { name, state: 'ok', detail: 'not installed, not needed: nothing is left to build with it' }
  return { name, state: 'missing', detail: missing, fix: 'proofbook setup' }
}
