/**
 * Many questions for one pod in one exec: a script for any POSIX sh, and what it prints. TCP is asked with nc, a small
 * program where agnhost takes 50 ms to start; UDP and SCTP by `agnhost connect`, which waits for the receiver's answer;
 * names by dig.
 */
import type { Outcome, Protocol } from './flow.ts'

export interface Question {
  /** An address, or a name that DNS is asked for first. */
  readonly to: string
  readonly port: number
  readonly protocol: Protocol
  /** What a TCP server says when it is the right one; empty when it is enough that it takes the connection. */
  readonly says: string
}

export interface Answer {
  readonly outcome: Outcome
  readonly ms: number
  readonly detail: string
}

/** Questions of one pod that are under way at the same time. */
const AT_ONCE = 24

/** $1 seconds to wait for an answer, then words of a question parted by blanks: number, protocol, host, port, name. */
export const SCRIPT = `wait=$1; shift
now() { read -r up _ < /proc/uptime; echo "\${up%.*}\${up#*.}"; }
line() { printf %s "$1" | tr '\\n\\t' '  ' | tail -c 200; }

TCP() {
  got=$(nc -v -n -w "$wait" "$1" "$2" 2>&1 < /dev/null) || :
  case $3,$got in
    ,*succeeded*) outcome=allow got= ;;
    ,*) denied "$got" ;;
    *,*"$3") outcome=allow got= ;;
    *,*succeeded*) outcome=error ;;
    *) denied "$got" ;;
  esac
}
UDP() { got=$(/agnhost connect --protocol=udp --timeout="\${wait}s" "$(host "$1"):$2" 2>&1); connected $?; }
SCTP() { got=$(/agnhost connect --protocol=sctp --timeout="\${wait}s" "$(host "$1"):$2" 2>&1); connected $?; }
ICMP() { got=$(ping -n -c 1 -W "$wait" "$1" 2>&1); connected $?; }
connected() { if [ "$1" = 0 ]; then outcome=allow got=; else denied "$got"; fi; }
denied() {
  case $1 in
    *'rotocol not supported'* | *'ping: '*'not found'* | *'ping: '*'ermitted'*) outcome=unsupported ;;
    *efused*) outcome=refused ;;
    *unreachable* | *Unreachable* | *'o route to host'* | *rohibited* | *'ermission denied'*) outcome=no-route ;;
    *DNS:*) outcome=dns ;;
    *'timed out'* | *TIMEOUT* | *' 0 received'* | *' 0 packets received'*) outcome=drop ;;
    *) outcome=error ;;
  esac
}
host() { case $1 in *:*) echo "[$1]" ;; *) echo "$1" ;; esac; }

ask() {
  began=$(now); address=$3; outcome=; got=
  case $address in
    *[!0-9.]*)
      case $address in *:*) ;; *)
        address=$(dig +search +short +time="$wait" +tries=1 "$3" 2>&1 | grep -E -x '[0-9.]+' | head -n 1)
        [ -n "$address" ] || { outcome=dns; got="no address of $3"; }
      esac ;;
  esac
  [ -n "$outcome" ] || "$2" "$address" "$4" "$5"
  printf '%s\\t%s\\t%s\\t%s\\n' "$1" "$outcome" $((($(now) - began) * 10)) "$(line "$got")"
}
running=0
for question; do
  # shellcheck disable=SC2086
  ask $question &
  running=$((running + 1))
  if [ $running -ge ${AT_ONCE} ]; then wait; running=0; fi
done
wait`

/** Arguments of `sh -c SCRIPT probe`. @param timeout seconds */
export const argumentsFor = (questions: readonly Question[], timeout: number): string[] =>
  [String(timeout), ...questions.map(({ to, port, protocol, says }, number) => `${number} ${protocol} ${to} ${port} ${says}`)]

/** One answer a question, in their order. */
export function parseAnswers(out: string, count: number): Answer[] {
  const told = new Map(out.split('\n').filter(line => line.includes('\t')).map((line): [number, Answer] => {
    const [number, outcome, ms, detail = ''] = line.split('\t')
    return [Number(number), { outcome: outcome as Outcome, ms: Number(ms), detail: detail.trim() }]
  }))
  return Array.from({ length: count }, (_, number) => told.get(number) ?? unanswered('gave no answer'))
}

/** For a pod that could not be asked. */
export const unanswered = (detail: string): Answer => ({ outcome: 'error', ms: 0, detail })
