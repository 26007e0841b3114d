/** All checks over a snapshot of policies and pods. Pure. */
import { blocks } from './checks/blocks.ts'
import { ignoredRules, ingressOnlyDeny, typesLeftOut, withoutDns } from './checks/direction.ts'
import { halfOpen, peerNobody } from './checks/effect.ts'
import { allowsAll, emptyList, everyNamespace, twoItems } from './checks/open.ts'
import { deadPorts } from './checks/ports.ts'
import { hostNetwork, notRead, selectsNothing, unselected } from './checks/selection.ts'
import { severities, type Finding, type Severity, type Snapshot } from './model.ts'
import { viewOf, type Check } from './view.ts'

/** A new check is one line here, and one in `rules`. */
const checks: readonly Check[] = [
  selectsNothing, unselected, hostNetwork, notRead,
  ignoredRules, typesLeftOut, ingressOnlyDeny, withoutDns,
  emptyList, allowsAll, everyNamespace, twoItems,
  deadPorts, blocks, peerNobody, halfOpen,
]

/** The gravest first, then by place. */
export function audit(snapshot: Snapshot): Finding[] {
  const view = viewOf(snapshot)
  const rank = ({ severity }: Finding): number => severities.indexOf(severity)
  return checks.flatMap(check => check(view)).sort((a, b) =>
    rank(a) - rank(b) || compare(a.path, b.path) || a.position.line - b.position.line || a.position.column - b.position.column || compare(a.rule, b.rule))
}

const compare = (a: string, b: string): number => a < b ? -1 : a > b ? 1 : 0

export const countsOf = (findings: readonly Finding[]): Readonly<Record<Severity, number>> => {
  const of = (wanted: Severity): number => findings.filter(({ severity }) => severity === wanted).length
  return { error: of('error'), warning: of('warning'), note: of('note') }
}
