/** Programs other than a block's script that a host runs for us. */
import { END } from '../session/end.ts'

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

/** Writes descriptor 3 to a file. */
export const writeCommand = (path: string, size: number, mode: string | undefined, owner: string | undefined): string[] =>
  ['sh', '-c', WRITE, 'proofbook', path, mode ?? '', owner ?? '', String(size)]

/** Ends every process that has this run in its environment: SIGTERM, and SIGKILL after the grace time. */
export const endCommand = (run: string): string[] => ['sh', '-c', END, 'proofbook', run]
