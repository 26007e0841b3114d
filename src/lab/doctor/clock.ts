/** This machine's clock against others': certificates and package lists are valid from one moment to another. */
import type { Finding } from './finding.ts'

/** Milliseconds. */
const NOTICED = 5_000
const HARMFUL = 60_000

/**
 * Nothing while they agree.
 * @param whose as in `Docker's machine`
 * @param ahead milliseconds that it is ahead of this machine
 */
export function clockFindings(whose: string, ahead: number | undefined): Finding[] {
  const off = Math.abs(ahead ?? 0)
  if (ahead === undefined || off < NOTICED) return []
  return [{
    name: 'clock', state: off < HARMFUL ? 'warn' : 'missing',
    detail: `${whose} is ${(off / 1000).toFixed(0)} s ${ahead > 0 ? 'ahead of' : 'behind'} this one: what is signed there is not valid ${ahead > 0 ? 'yet' : 'any more'} here`,
    fix: 'Let this machine ask a time server (timedatectl set-ntp true); Docker in a virtual machine: restart that',
  }]
}

/** Zero where the answer lies between question and answer. All in milliseconds since 1970, `theirs` maybe rounded down to `unit`. */
export function aheadOf(theirs: number, asked: number, answered: number, unit = 0): number | undefined {
  if (Number.isNaN(theirs)) return undefined
  return theirs > answered ? theirs - answered : theirs + unit < asked ? theirs + unit - asked : 0
}

/** Of where Go modules come from. Undefined where it cannot be asked: behind a proxy, without a network. */
export async function packagesAhead(): Promise<number | undefined> {
  const [proxy = ''] = (process.env.GOPROXY || 'https://proxy.golang.org').split(/[,|]/)
  if (!proxy.startsWith('http')) return undefined
  try {
    const asked = Date.now()
    const { headers } = await fetch(proxy, { method: 'HEAD', redirect: 'manual', signal: AbortSignal.timeout(3_000) })
    return aheadOf(Date.parse(headers.get('date') ?? ''), asked, Date.now(), 1_000)
  } catch {
    return undefined
  }
}
