/** Runs Kubernetes' own conformance cases on a lab: its binary, its images, no network but the lab's. */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Progress } from '../../report/progress.ts'
import { kubeconfigPath } from '../cluster/kind.ts'
import { LabError } from '../errors.ts'
import { agnhostImage, glibcDnsImage } from '../images/agnhost.ts'
import { e2eTest, ginkgo } from '../images/e2e-test.ts'
import { newContext } from '../images/ensure.ts'
import { CommandFailed, run } from '../images/run.ts'
import { bringTestImages } from '../images/test-images.ts'
import type { Lab } from '../lab.ts'
import { nodes } from '../topology/topology.ts'
import { parseReport, type Suites } from './cases.ts'

/** The cases that a network is to blame for, DNS among them. */
export const FOCUS = '\\[sig-network\\].*\\[Conformance\\]'

export interface ConformanceOptions {
  /** Regular expression of Go over the names of cases. */
  readonly focus: string
  /** The same for those to leave out. */
  readonly skip?: string
  /** Then what still runs fails, and the rest is left out. */
  readonly timeout?: string
  readonly signal: AbortSignal
}

/** Processes at once: the cases wait more than they work. */
const PROCESSES = 4
/** Of the whole run, as Go writes durations. */
const TIMEOUT = '90m'

/**
 * Builds the tests where they are missing, and runs those that the focus chooses. Their namespaces are gone afterwards.
 * @throws LabError when they could not be started; what fails is an answer
 */
export async function runConformance(lab: Lab, progress: Progress, { focus, skip, timeout = TIMEOUT, signal }: ConformanceOptions): Promise<Suites> {
  const containers = nodes(lab.topology).map(({ name }) => lab.container(name))
  await bringTestImages(progress, { nodes: containers, images: [agnhostImage, glibcDnsImage], signal })
  const context = newContext(progress, signal)
  const [tests, runner] = await Promise.all([e2eTest.make(context), ginkgo.make(context)])
  let said = ''
  // That a case failed stands in the report; the exit code says no more.
  const atEnd = (error: unknown): void => {
    if (!(error instanceof CommandFailed)) throw error
    said = error.message
  }
  const folder = await mkdtemp(join(tmpdir(), 'proofbook-conformance-'))
  try {
    await progress.stage(`run ${focus} of Kubernetes' e2e tests`, async (update) => {
      let done = 0
      await run([
        join(runner, 'ginkgo'), `--procs=${PROCESSES}`, '--no-color', '-v', `--timeout=${timeout}`, `--focus=${focus}`,
        ...skip === undefined ? [] : [`--skip=${skip}`],
        '--json-report=report.json', `--output-dir=${folder}`, join(tests, 'e2e.test'), '--',
        `--kubeconfig=${kubeconfigPath(lab.folder)}`, `--kubectl-path=${lab.record.programs.kubectl}`, '--provider=skeleton',
        `--num-nodes=${containers.length}`, '--disable-log-dump=true',
      ], { signal, cwd: folder, onOutput: (line) => { if (/^• /.test(line)) update(`${++done} cases done`) } }).catch(atEnd)
    })
    const report = await readFile(join(folder, 'report.json'), 'utf8').catch(() => {
      throw new LabError(`Kubernetes' e2e tests could not be started, ginkgo left no report: ${said}`)
    })
    return parseReport(report)
  } finally {
    await rm(folder, { recursive: true, force: true })
    await lab.kubectl(['delete', 'namespaces', '--selector=e2e-run', '--ignore-not-found', '--timeout=180s'], { timeout: 200_000 }).catch(() => undefined)
  }
}
