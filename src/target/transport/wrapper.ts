/**
 * What runs on a host around a script: time limit, a mark to find its processes again, and a last line of standard
 * error with its exit code. Without that line the host was lost on the way: `docker exec` and `ssh` answer with
 * codes of their own (1, 125 to 127, 137, 255) that a script may use as well.
 */

/** Seconds between SIGTERM and SIGKILL when the time limit ends a script. */
export const GRACE_S = 5

/** Starts the last line; a control character that no program prints by itself. */
const MARK = '\x1e'

/** In the environment of all that a script starts: how an abort finds it, whatever group it is in. */
export const RUN_VARIABLE = 'PROOFBOOK_RUN'

/**
 * The bytes arrive on standard input and go through a pipe to descriptor 3, so that no command of a script can read
 * the script away. `cat` makes a pipe of whatever standard input is: bash cannot open a socket as /dev/fd/3.
 */
const LIMITED = `limit=$1 run=$2; shift 2
cat | timeout -k ${GRACE_S} "$limit" "$@" 3<&0 </dev/null
printf '\\036%s %d\\n' "$run" "$?" >&2`

/** $1 path, $2 mode or empty, $3 owner or empty, $4 size in bytes: a cut connection must not leave half a file. */
const WRITE = `set -eu
path=$(readlink -m -- "$1")
mkdir -p -- "$(dirname -- "$path")"
new=$(mktemp -- "$path.XXXXXX")
trap 'rm -f -- "$new"' EXIT
cat <&3 > "$new"
[ "$(wc -c < "$new")" -eq "$4" ] || { echo "received $(wc -c < "$new") bytes for $path, expected $4" >&2; exit 1; }
if [ -e "$path" ]; then chmod --reference="$path" -- "$new"; chown --reference="$path" -- "$new"; else chmod 0644 -- "$new"; fi
[ -z "$2" ] || chmod -- "$2" "$new"
[ -z "$3" ] || chown -- "$3" "$new"
mv -fT -- "$new" "$path" 2>/dev/null || { cat "$new" > "$path"; [ -z "$2" ] || chmod -- "$2" "$path"; [ -z "$3" ] || chown -- "$3" "$path"; }`

const END = `pids() { grep -lz "^${RUN_VARIABLE}=$1\\$" /proc/[0-9]*/environ 2>/dev/null | cut -d/ -f3; }
found=$(pids "$1"); [ -n "$found" ] || exit 0
kill -TERM $found 2>/dev/null
tries=0
while [ -n "$(pids "$1")" ] && [ $tries -lt ${GRACE_S}0 ]; do sleep 0.1; tries=$((tries + 1)); done
found=$(pids "$1"); [ -z "$found" ] || kill -KILL $found 2>/dev/null
true`

const limited = (run: string, timeoutMs: number, argv: readonly string[]): string[] =>
  ['sh', '-c', LIMITED, 'proofbook', String(timeoutMs / 1000), run, ...argv]

/** Runs the bash script that comes on standard input. `timeout` in milliseconds. */
export const bashCommand = (run: string, timeout: number): string[] => 
  limited(run, timeout, ['bash', '-eo', 'pipefail', '/dev/fd/3'])

/** Writes standard input to a file. */
export const writeCommand = (
  run: string, timeout: number, path: string, size: number, mode: string | undefined, owner: string | undefined,
): string[] => limited(run, timeout, ['sh', '-c', WRITE, 'proofbook', path, mode ?? '', owner ?? '', String(size)])

/** Ends every process that has this run in its environment: SIGTERM, and SIGKILL after the grace time. */
export const endCommand = (run: string): string[] => ['sh', '-c', END, 'proofbook', run]

/** Takes the last line out of standard error as it streams by. */
export class ExitLine {
  /** The script's exit code, once its last line came. */
  exit: number | undefined
  readonly #start: string
  #held = ''

  constructor(run: string) {
    this.#start = `${MARK}${run} `
  }

  /** What of this chunk, and of what was held back before, belongs to the script. */
  push(chunk: string): string {
    this.#held += chunk
    let out = ''
    for (;;) {
      const at = this.#held.indexOf(MARK)
      if (at < 0) return out + this.flush()
      out += this.#held.slice(0, at)
      this.#held = this.#held.slice(at)
      const possible = this.#held.slice(0, this.#start.length)
      if (this.#start.startsWith(possible)) {
        const end = this.#held.indexOf('\n')
        if (end < 0) return out
        this.exit = Number(this.#held.slice(this.#start.length, end))
        this.#held = this.#held.slice(end + 1)
      } else {
        out += MARK
        this.#held = this.#held.slice(1)
      }
    }
  }

  /** What was held back and turned out not to be the last line. */
  flush(): string {
    const rest = this.#held
    this.#held = ''
    return rest
  }
}
