import { GRACE_S, RUN_VARIABLE } from './limits.ts'

/**
 * For a POSIX shell: ends every process that has the run $1 in its environment, whatever group it is in: SIGTERM, and
 * SIGKILL after the grace time, whose end is waited for too.
 */
export const END = `pids() { grep -lz "^${RUN_VARIABLE}=$1\\$" /proc/[0-9]*/environ 2>/dev/null | cut -d/ -f3; }
found=$(pids "$1"); [ -n "$found" ] || exit 0
kill -TERM $found 2>/dev/null
tries=0
while [ -n "$(pids "$1")" ] && [ $tries -lt ${GRACE_S}0 ]; do sleep 0.1; tries=$((tries + 1)); done
found=$(pids "$1"); [ -n "$found" ] || exit 0
kill -KILL $found 2>/dev/null
tries=0
while [ -n "$(pids "$1")" ] && [ $tries -lt 20 ]; do sleep 0.05; tries=$((tries + 1)); done
true`
