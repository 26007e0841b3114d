/** Measured traffic on a real cluster: what a drill cuts is what is measured, and a budget below it fails the page. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { FOLDER, NAMESPACE } from '../../src/probe/traffic/manifests.ts'
import { exec } from '../../src/lab/hosts/docker.ts'
import { find } from '../../src/lab/lab.ts'
import type { Result } from '../../src/report/result.ts'
import { flowNames } from '../../src/runbook/traffic.ts'
import { proofbook } from './proofbook.ts'

/** Milliseconds of the cut that are outages whatever the moment at which it began: a question that was on its way may still be answered. */
const CUT = 2_700

/** Cuts the client from all node ports for three seconds; no other flow goes this way. */
const page = (budget: string): string => `---
title: Cut
description: For a test.
risk: outage
topology: cluster
cni: flannel
traffic: [${flowNames.join(', ')}]
downtimeBudget: { http: ${budget} }
---

\`\`\`bash step=nothing rollback="none: nothing was done"
true
\`\`\`

\`\`\`bash drill=cut on=client
iptables --insert OUTPUT --protocol tcp --dport 30000:32767 --jump DROP
sleep 3
iptables --delete OUTPUT --protocol tcp --dport 30000:32767 --jump DROP
\`\`\`

\`\`\`bash drill=go-on on=client
sleep 3
\`\`\`
`

/** @param lab one of Flannel that is up; it is not as it was made afterwards */
export function cutIsMeasured(lab: string): void {
  describe('three seconds without node ports', () => {
    let folder: string
    const verify = async (budget: string): Promise<{ exit: number | null, result: Result }> => {
      writeFileSync(join(folder, 'runbooks/t/cut.mdx'), page(budget))
      const { exit, stdout } = await proofbook(['verify', 't/cut', '--on', 'kind', '--lab', lab, '--keep', '--json'], { cwd: folder })
      return { exit, result: (JSON.parse(stdout) as { result: Result }).result }
    }

    beforeAll(() => {
      folder = mkdtempSync(join(tmpdir(), 'proofbook-traffic-'))
      mkdirSync(join(folder, 'runbooks/t'), { recursive: true })
    })

    afterAll(() => { rmSync(folder, { recursive: true }) })

    test('are measured as three seconds of this flow, and of no other', async () => {
      const { exit, result } = await verify('4s')
      expect(result.reason).toBeUndefined()
      expect(exit).toBe(0)
      const flows = result.traffic!.flows
      expect([...new Set(flows.map(({ flow }) => flow))]).toEqual(flowNames)
      const [http] = flows
      expect(http).toMatchObject({ flow: 'http', from: 'client' })
      expect(http!.there.downtimeMs).toBeGreaterThan(CUT)
      // One interval more, and a machine that is busy.
      expect(http!.there.downtimeMs).toBeLessThan(3_600)
      expect(http!.outages.map(({ during }) => during?.name)).toEqual(['cut'])
      expect(http!.there.sent).toBeGreaterThan(100)
      // The others may lose a question on a busy machine; the API, which has to write, keeps one waiting as long as this cut.
      expect(flows.slice(1).filter(({ flow, there }) => flow !== 'api-write' && there.longestGapMs >= CUT).map(({ flow, from }) => `${flow} from ${from}`)).toEqual([])
    })

    test('fail a page that allows one, at the drill that cut', async () => {
      const { exit, result } = await verify('1s')
      expect(exit).toBe(1)
      expect(result.failure).toMatchObject({ kind: 'drill', name: 'cut', host: 'client', line: 15, expected: 'at most 1s (downtimeBudget)' })
    })

    test('leave nothing on nodes, client and cluster', async () => {
      const { kubectl, topology, container } = (await find(lab))!
      expect(await kubectl(['get', 'namespaces', NAMESPACE, '--ignore-not-found', '--output=name'])).toBe('')
      for (const { name } of topology.hosts) await exec(container(name), ['test', '!', '-e', FOLDER])
      expect(await exec(container('client'), ['sh', '-c', 'pgrep --exact prober || true'])).toBe('')
    })
  })
}
