import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

export interface Spent {
  /** Seconds, start-up included. */
  readonly wall: number
  /** User and system time, in seconds, of a program and of every process that it waited for. */
  readonly cpu: number
}

/**
 * By bash's own `time`.
 * @throws when the program fails: a benchmark of something broken says nothing
 */
export function spentBy(argv: readonly string[], cwd: string): Spent {
  const script = 'TIMEFORMAT="spent %R %U %S"; time "$@" >/dev/null'
  const { status, stderr } = spawnSync('bash', ['-c', script, 'bench', ...argv], { cwd, encoding: 'utf8', env: { ...process.env, NO_COLOR: '1', XDG_STATE_HOME: `${cwd}/state` } })
  const [, wall, user, system] = /spent ([\d.]+) ([\d.]+) ([\d.]+)\s*$/.exec(stderr) ?? []
  if (status !== 0 || wall === undefined) throw new Error(`${argv.join(' ')}: exit ${status}\n${stderr}`)
  return { wall: Number(wall), cpu: Number(user) + Number(system) }
}

export const cpuOf = (argv: readonly string[], cwd: string): number => spentBy(argv, cwd).cpu
export const wallOf = (argv: readonly string[], cwd: string): number => spentBy(argv, cwd).wall

/**
 * The same of a Node program, with what its children have spent that it does not wait for: the bash of a session, and
 * every step that this bash has waited for, ends after it.
 */
export function cpuWithSessions(file: string, args: readonly string[], cwd: string): number {
  const told = join(cwd, 'spent')
  const ticks = Number(spawnSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }).stdout)
  // utime, stime, cutime and cstime of proc(5)
  const tell = `data:text/javascript,import{readFileSync,writeFileSync}from"node:fs";process.on("exit",()=>{
    const children=readFileSync("/proc/self/task/"+process.pid+"/children","utf8").split(" ").filter(Boolean);
    const of=pid=>readFileSync("/proc/"+pid+"/stat","utf8").split(") ").at(-1).split(" ").slice(11,15).reduce((sum,part)=>sum+Number(part),0);
    writeFileSync(${JSON.stringify(told)},String(children.reduce((sum,pid)=>sum+of(pid),0)))})`
  const own = cpuOf([process.execPath, '--import', tell.replaceAll('\n', ''), file, ...args], cwd)
  return own + Number(readFileSync(told, 'utf8')) / ticks
}

/** Largest resident memory of a Node program, in MB, as the kernel counted it. */
export function peakOf(file: string, args: readonly string[], cwd: string): number {
  const told = join(cwd, 'peak')
  const tell = `data:text/javascript,import{writeFileSync}from"node:fs";process.on("exit",()=>writeFileSync(${JSON.stringify(told)},String(process.resourceUsage().maxRSS)))`
  const { status } = spawnSync(process.execPath, ['--import', tell, file, ...args], { cwd, stdio: 'ignore', env: { ...process.env, XDG_STATE_HOME: `${cwd}/state` } })
  if (status !== 0) throw new Error(`${file} ${args.join(' ')}: exit ${status}`)
  return Number(readFileSync(told, 'utf8')) / 1024
}

/** Both in turn, one unmeasured round first; the median of each, divided. */
export function medianRatio(rounds: number, ours: () => number, reference: () => number): number {
  const a: number[] = []
  const b: number[] = []
  for (let round = 0; round <= rounds; round++) {
    const pair = round % 2 === 0 ? [ours(), reference()] as const : swapped(reference, ours)
    if (round === 0) continue
    a.push(pair[0])
    b.push(pair[1])
  }
  return median(a) / median(b)
}

/** The reference goes first, so that neither always has the warmer machine. */
function swapped(reference: () => number, ours: () => number): readonly [number, number] {
  const other = reference()
  return [ours(), other]
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((x, y) => x - y)
  const middle = Math.floor(sorted.length / 2)
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}
