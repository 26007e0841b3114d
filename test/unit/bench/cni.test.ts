import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { modeIn, nativeValues } from '../../../scripts/bench/cni/native.ts'
import { iperfVersion, isSteady, libraries, microcores, roundOf, throughputOf, usageOf, type Usage } from '../../../scripts/bench/cni/read.ts'
import { ciliumValues } from '../../../src/lab/cni/cilium-values.ts'
import { problemOf, ratiosOf, readCniBench, spreadOf, type CniBench } from '../../../src/report/cni-bench.ts'
import { columns, plainCni, plainTables, tablesOf } from '../../../src/site/measured/cni.ts'
import { sampleBench } from './sample.ts'

const folder = mkdtempSync(join(tmpdir(), 'proofbook-cni-bench-'))
afterAll(() => { rmSync(folder, { recursive: true }) })

describe('what programs print', () => {
  test('iperf3', () => {
    expect(iperfVersion('iperf 3.12 (cJSON 1.7.15)\nLinux\n')).toBe('3.12')
    expect(() => iperfVersion('command not found')).toThrow('expected "iperf 3..."')
    const end = (received: object): string => JSON.stringify({ end: { sum_sent: { bits_per_second: 9e9 }, sum_received: received } })
    expect(throughputOf(end({ bits_per_second: 8_123_456_789.4 }))).toBe(8_123_457)
    expect(() => throughputOf(end({ bits_per_second: 0 }))).toThrow('expected more than 0')
    expect(() => throughputOf(end({}))).toThrow('received no bits')
    expect(() => throughputOf('{"error":"unable to connect to server"}')).toThrow('iperf3: unable to connect to server')
    expect(() => throughputOf('{"end":')).toThrow(SyntaxError)
  })

  test('a round is the output of three programs, and not of two', () => {
    const [ask, connect, iperf] = ['{"count":9,"p50":41000,"p99":90000}\n', '{"count":3000,"ns":1500000000}\n', '{"end":{"sum_received":{"bits_per_second":1e9}}}\n']
    expect(roundOf(`${ask}=== next\n${connect}=== next\n${iperf}`)).toEqual({ throughputKbps: 1_000_000, latencyP50Ns: 41_000, latencyP99Ns: 90_000, connectionsPerSecond: 2000 })
    expect(() => roundOf(`${ask}=== next\n${connect}`)).toThrow('of 2 programs')
  })

  test('ldd', () => {
    expect(libraries(`\tlinux-vdso.so.1 (0x1)
\tlibiperf.so.0 => /tmp/lib/libiperf.so.0 (0x2)
\tlibsctp.so.1 => not found
\t/lib64/ld-linux-x86-64.so.2 (0x3)\n`)).toEqual({ files: ['/tmp/lib/libiperf.so.0'], loader: '/lib64/ld-linux-x86-64.so.2', missing: ['libsctp.so.1'] })
  })

  test('how an agent carries packets', () => {
    const status = (network: string): string => `KVStore:  Disabled\nRouting:                 Network: ${network}   Host: Legacy\nCluster health:          3/3 reachable\n`
    expect(modeIn(status('Native'))).toBe('Native')
    expect(modeIn(status('Tunnel [vxlan]'))).toBe('Tunnel')
    expect(modeIn('command terminated with exit code 1')).toBeUndefined()
  })

  test('usage of containers', () => {
    expect(usageOf('cilium-agent 10 20 30 40\n')).toEqual([{ container: 'cilium-agent', microseconds: 10, cpuNs: 20, memoryBytes: 30, bpfMapsBytes: 40 }])
    expect(usageOf('')).toEqual([])
    expect(() => usageOf('cilium-agent 10 20 30')).toThrow('expected four numbers')
  })
})

describe('numbers', () => {
  const at = (microseconds: number, cpuNs: number): Usage => ({ container: 'x', microseconds, cpuNs, memoryBytes: 1, bpfMapsBytes: 0 })

  test('CPU is time spent by time gone; a container that began anew has none', () => {
    expect(microcores(at(0, 0), at(2_000_000, 500_000_000))).toBe(250_000)
    expect(() => microcores(at(0, 9), at(1, 0))).toThrow('began anew')
    expect(() => microcores(at(5, 0), at(5, 1))).toThrow('began anew')
  })

  test('a median lies between the least and the most, whatever the order', () => {
    fc.assert(fc.property(fc.array(fc.nat(), { minLength: 1 }), (rounds) => {
      const { median, least, most } = spreadOf(rounds)
      expect(least).toBe(Math.min(...rounds))
      expect(most).toBe(Math.max(...rounds))
      expect(rounds.filter(value => value < median).length).toBeLessThanOrEqual(rounds.length / 2)
      expect(rounds.filter(value => value > median).length).toBeLessThanOrEqual(rounds.length / 2)
      expect(spreadOf(rounds.toReversed())).toEqual({ median, least, most })
    }))
    expect(() => spreadOf([])).toThrow(RangeError)
  })

  test('a machine that is slower in one round changes no ratio', () => {
    expect(ratiosOf([50, 25, 100], [100, 50, 200])).toEqual([0.5, 0.5, 0.5])
    expect(ratiosOf([1, 2], [0])).toEqual([])
  })

  test('steady is what the last looks agree on', () => {
    expect(isSteady([2, 0.5, 0.6, 0.4], 3, 0.2)).toBe(true)
    expect(isSteady([0.5, 0.6, 2], 3, 0.2)).toBe(false)
    expect(isSteady([0.5, 0.5], 3, 0.2)).toBe(false)
  })

  test('native routing is the lab\'s own values without the tunnel', () => {
    const values = ciliumValues({ version: '1.19.7', podNetwork: '10.244.0.0/16', sysResource: true })
    const { tunnelProtocol, ...rest } = values as Record<string, unknown>
    expect(tunnelProtocol).toBe('vxlan')
    expect(nativeValues(values as Parameters<typeof nativeValues>[0])).toEqual({ ...rest, routingMode: 'native', ipv4NativeRoutingCIDR: '10.244.0.0/16', autoDirectNodeRoutes: true })
  })
})

describe('the file', () => {
  test('is taken as it was written', () => {
    expect(problemOf(JSON.parse(JSON.stringify(sampleBench())))).toBeUndefined()
  })

  const edited = (change: (bench: { -readonly [Key in keyof CniBench]: CniBench[Key] }) => void): CniBench => {
    const bench = structuredClone(sampleBench())
    change(bench)
    return bench
  }
  const [flannel, ...others] = sampleBench().networks
  const damaged: readonly (readonly [name: string, value: unknown, why: string])[] = [
    ['a figure typed by hand', edited((bench) => { (bench.networks[0]!.traffic.across.throughputKbps as number[])[0] = 1 }), 'the digest differs'],
    ['another schema', sampleBench({ schema: 2 as 1 }), 'schema 2'],
    ['a network that is missing', sampleBench({ networks: others }), 'lacks figures of flannel'],
    ['a figure without rounds', sampleBench({ networks: [{ ...flannel!, machineIdleMicrocores: [] }, ...others] }), 'lacks figures of flannel'],
    ['rounds that do not pair', sampleBench({ networks: [{ ...flannel!, traffic: { ...flannel!.traffic, host: { ...flannel!.traffic.host, throughputKbps: [1] } } }, ...others] }), 'lacks figures of flannel'],
    ['a figure that is no number', sampleBench({ networks: [{ ...flannel!, machineIdleMicrocores: ['1' as unknown as number] }, ...others] }), 'lacks figures of flannel'],
    ['no machine', sampleBench({ machine: undefined as unknown as CniBench['machine'] }), 'another shape'],
    ['no date', sampleBench({ finishedAt: 'yesterday' }), 'another shape'],
    ['a list', [], 'no object'],
    ['nothing', null, 'no object'],
  ]

  test.each(damaged)('with %s counts as not measured', async (_, value, why) => {
    const file = join(folder, 'cni.json')
    writeFileSync(file, JSON.stringify(value))
    const read = await readCniBench(file)
    expect(read).toEqual({ missing: expect.stringContaining(why) as string })
    expect(plainCni(read)).toMatch(/^\*\*Not measured\*\*/)
  })

  test('that is cut or absent counts as not measured', async () => {
    const file = join(folder, 'cut.json')
    writeFileSync(file, JSON.stringify(sampleBench()).slice(0, -20))
    expect(await readCniBench(file)).toEqual({ missing: 'its file is cut or is not JSON' })
    expect(await readCniBench(join(folder, 'absent.json'))).toEqual({ missing: 'there is no measurement yet' })
  })

  test('any other JSON is refused and throws nothing', () => {
    fc.assert(fc.property(fc.jsonValue(), fc.constantFrom('machine', 'versions', 'networks', 'milliseconds', 'order'), (value, key) => {
      expect(problemOf(value)).toBeTypeOf('string')
      expect(() => problemOf(sampleBench({ [key]: value }))).not.toThrow()
    }))
  })
})

describe('what is shown', () => {
  test('medians with their spread, and the ratio to the baseline of the same round', () => {
    const [takes, across, node, host] = tablesOf(sampleBench())
    expect(columns).toEqual(['Flannel (VXLAN)', 'Cilium, tunnel', 'Cilium, native'])
    expect(across!.rows[0]!.cells[0]).toEqual({ value: '10.50 Gbit/s', spread: '10.00 to 11.00 Gbit/s', ratio: '0.50' })
    expect(across!.rows[1]!.cells[2]).toEqual({ value: '30.0 µs', spread: '28.6 to 31.4 µs', ratio: '1.43' })
    expect(node!.rows[3]!.cells[0]).toEqual({ value: '7,280', spread: '7,200 to 7,360', ratio: '0.80' })
    expect(host!.rows[0]!.cells[0]).toEqual({ value: '21.00 Gbit/s', spread: '20.00 to 22.00 Gbit/s' })
    const cells = (name: string) => takes!.rows.find(row => row.name === name)!.cells.map(cell => cell?.value)
    expect(cells('Agent, memory at rest')).toEqual(['21 MiB', '21 MiB', '21 MiB'])
    expect(cells('Agent, CPU at rest')).toEqual(['0.16 %', '0.16 %', '0.16 %'])
    expect(cells('Tables in the kernel')).toEqual([undefined, '50 MiB', '50 MiB'])
    expect(cells('Operator, memory')).toEqual([undefined, '40 MiB', '40 MiB'])
  })

  test('as Markdown, every row has a cell for each network', () => {
    const rows = plainTables(sampleBench()).split('\n').filter(line => line !== '')
    expect(rows.length).toBeGreaterThan(20)
    for (const row of rows) expect(row.split('|').length, row).toBe(6)
  })

  test('of one network only, others are not invented', () => {
    const [, across] = tablesOf({ networks: [sampleBench().networks[1]!] })
    expect(across!.rows[0]!.cells.map(cell => cell?.value)).toEqual([undefined, '12.60 Gbit/s', undefined])
  })
})
