/** `proofbook policy audit`. */
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { audit, countsOf } from '../policy/audit/audit.ts'
import { readCluster } from '../policy/audit/cluster.ts'
import type { Finding } from '../policy/audit/model.ts'
import { objectsIn, type Found } from '../policy/audit/objects.ts'
import { rules } from '../policy/audit/rules.ts'
import { snapshotOf } from '../policy/audit/snapshot.ts'
import { auditText } from '../policy/audit/text.ts'
import { isCidr } from '../policy/selector.ts'
import { BadInput } from '../runbook/errors.ts'
import type { AuditFlags } from './commands/policy.ts'
import { interruptible } from './interrupt.ts'
import { print, printJson } from './output.ts'
import { paint } from './paint.ts'
import { clusterFor } from './policy-cluster.ts'
import { createProgress } from './progress.ts'

/** Exit 1 when something is an error. A cluster has to be named, so that nobody audits another one by accident. */
export async function policyAudit(flags: AuditFlags): Promise<void> {
  const { files, lab, kubeconfig, context, namespace: only = [], podRange: podRanges = [] } = flags
  if ([files, lab, kubeconfig ?? context].filter(given => given !== undefined).length !== 1) {
    throw new BadInput('expected one of --files DIR, --lab NAME, or --context NAME and --kubeconfig FILE: what to audit is never guessed')
  }
  for (const range of podRanges) if (!isCidr(range)) throw new BadInput(`received --pod-range ${range}, expected a network such as 10.42.0.0/16`)

  const found = files === undefined ? await inCluster(flags) : await inFiles(files)
  const snapshot = snapshotOf(found, { whole: files === undefined, podRanges })
  for (const name of only) {
    if (!snapshot.namespaces.has(name)) throw new BadInput(`received --namespace ${name}, which is not there; expected one of ${[...snapshot.namespaces.keys()].sort().join(', ')}`)
  }
  const findings = audit(snapshot).filter(({ namespace }) => only.length === 0 || only.includes(namespace))

  const counts = countsOf(findings)
  if (counts.error > 0) process.exitCode = 1
  if (flags.json) {
    return printJson('policy audit', {
      policies: snapshot.policies.length, pods: snapshot.subjects.length, namespaces: snapshot.namespaces.size, summary: counts, findings: findings.map(findingData),
    })
  }
  const colours = { error: 'red', warning: 'yellow', note: 'cyan' } as const
  print(auditText(findings, snapshot, (severity, text) => paint(colours[severity], text, process.stdout)))
}

async function inCluster(flags: AuditFlags): Promise<Found[]> {
  const screen = createProgress()
  using interrupt = interruptible(screen.note)
  const kubectl = await clusterFor(flags, screen, interrupt.signal, { probes: false })
  return await screen.stage('read the cluster', () => readCluster(kubectl, interrupt.signal))
}

/** A file, or every YAML file below a folder. @throws BadInput */
async function inFiles(path: string): Promise<Found[]> {
  const about = await stat(path).catch((error: Error) => { throw new BadInput(`cannot read ${path}: ${error.message}`) })
  const names = about.isDirectory()
    ? (await readdir(path, { recursive: true })).filter(name => /\.ya?ml$/.test(name) && !/(^|\/)(node_modules|\.git)\//.test(name)).sort().map(name => join(path, name))
    : [path]
  const found = (await Promise.all(names.map(async name => objectsIn(name, await readFile(name, 'utf8'))))).flat()
  if (!found.some(({ manifest }) => manifest.kind === 'NetworkPolicy')) throw new BadInput(`${path} has no NetworkPolicy in ${names.length} YAML ${names.length === 1 ? 'file' : 'files'}`)
  return found
}

const findingData = ({ rule, severity, namespace, object, message, path, position, text }: Finding): object => ({
  rule, severity, namespace, object, message, file: path, line: position.line, column: position.column, text: text.trim(), means: rules[rule].means, todo: rules[rule].todo,
})
