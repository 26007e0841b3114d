/**
 * Questions about a network that one place can be asked all at once: a script for any POSIX sh, and what it prints.
 * It needs nc (OpenBSD's); dig, ip, ping and /agnhost only for the questions that say so.
 */

/** Names of the script's functions, with their arguments. */
export type Question =
  /** A server there says its name at once. nc */
  | readonly [kind: 'tcp', address: string, port: number, expected: string]
  /** It does not, three times in a row. nc */
  | readonly [kind: 'closed', address: string, port: number, expected: string]
  /** This name has this address. dig */
  | readonly [kind: 'name', name: string, address: string]
  /** NAME.NAMESPACE.svc in the domain that /etc/resolv.conf tells has this address. dig */
  | readonly [kind: 'domain', name: string, namespace: string, address: string]
  /** The largest datagram that the route there admits arrives and is answered. ip, /agnhost */
  | readonly [kind: 'mtu', address: string, port: number]
  /** A packet of one byte more, not to be cut up, is refused. ip, ping (iputils) */
  | readonly [kind: 'exceeded', address: string]

export interface Answer {
  readonly ok: boolean | null
  readonly ms: number
  readonly tries: number
  readonly detail: string
}

/**
 * $1 seconds to go on trying, then one question a word: words of it are parted by blanks. Prints a line for each: its
 * number, verdict, ms, tries, detail. A function prints the detail and returns 0 ok, 1 not now, 2 no, 3 cannot be asked.
 * A UDP socket sends with "don't fragment" by default, up to what the route admits (ip(7), IP_MTU_DISCOVER); a narrower
 * path shows as a learned, expiring entry of the route. Milliseconds are those of /proc/uptime, which has two decimals.
 */
export const SCRIPT = `within=$1; shift
now() { read -r up _ < /proc/uptime; echo "\${up%.*}\${up#*.}"; }
line() { tr '\\n\\t' '  ' | tail -c 300; }

tcp() {
  got=$(nc -v -n -w 2 "$1" "$2" 2>&1 < /dev/null) || :
  case $got in
    *"$3") return 0 ;;
    *succeeded*) echo "connected, then received: $(echo "$got" | tail -n 1)" ;;
    *'timed out'*) echo 'no answer in 2 s' ;;
    *failed:*) echo "\${got##*failed: }" ;;
    *) echo "$got" ;;
  esac
  return 1
}
closed() {
  for _ in 1 2 3; do
    why=$(tcp "$@") && { echo 'open'; return 1; }
  done
  echo "$why"
}
name() {
  got=$(dig +search +short +time=2 +tries=1 "$1" "$(record "$2")" 2>&1)
  [ "$got" = "$2" ] && { echo "$got"; return 0; }
  echo "received \${got:-no address}, expected $2"; return 1
}
domain() {
  zone=$(sed -n "s/^search.* $2\\.svc\\.\\([^ ]*\\).*/\\1/p" /etc/resolv.conf)
  [ -n "$zone" ] || { echo "no $2.svc.DOMAIN among the search domains of /etc/resolv.conf"; return 2; }
  name "$1.$2.svc.$zone." "$3"
}
record() { case $1 in *:*) echo AAAA ;; *) echo A ;; esac; }

room() {
  route=$(ip route get "$1" 2>&1) || { echo "$route"; return 1; }
  case $route in
    *' mtu '*)
      mtu=\${route##* mtu }; mtu=\${mtu#lock }; mtu=\${mtu%%[!0-9]*}
      case $route in *' expires '*) echo "the path takes only $mtu bytes"; return 1 ;; esac
      ;;
    *) device=\${route##* dev }; mtu=$(cat "/sys/class/net/\${device%% *}/mtu") ;;
  esac
  case $1 in *:*) head=48 ;; *) head=28 ;; esac
}
mtu() {
  room "$1" || return 2
  sent=$mtu
  got=$(/agnhost connect --protocol=udp --timeout=2s --udp-data="$(printf "%0$((mtu - head - 1))d" 0)" "$(host "$1"):$2" 2>&1)
  code=$?
  room "$1" || return 2
  echo "$sent bytes\${got:+: $got}"
  return $code
}
exceeded() {
  room "$1" || return 3
  got=$(ping -n -M "do" -c 1 -W 2 -s $((mtu - head + 1)) "$1" 2>&1) && { echo "$((mtu + 1)) bytes passed"; return 2; }
  case $got in
    *'too long'* | *'Frag needed'* | *'Packet too big'*) echo "$((mtu + 1)) bytes refused"; return 0 ;;
    *option* | *ermi* | *'not found'*) echo "the image has no ping that can ask: $(echo "$got" | head -n 1)"; return 3 ;;
  esac
  echo "$((mtu + 1)) bytes: $got"; return 1
}
host() { case $1 in *:*) echo "[$1]" ;; *) echo "$1" ;; esac; }

ask() {
  number=$1; shift
  end=$(($(now) + within * 100)); tries=0
  while :; do
    began=$(now); tries=$((tries + 1))
    detail=$("$@"); code=$?
    ended=$(now)
    if [ $code != 1 ] || [ "$ended" -ge $end ]; then break; fi
    sleep 0.3
  done
  printf '%s\\t%s\\t%s\\t%s\\t%s\\n' "$number" "$code" $(((ended - began) * 10)) $tries "$(printf %s "$detail" | line)"
}
number=0
for question; do
  # shellcheck disable=SC2086
  ask $number $question &
  number=$((number + 1))
done
wait`

/** Arguments of `sh -c SCRIPT probe`. @param within milliseconds */
export const argumentsFor = (questions: readonly Question[], within: number): string[] =>
  [String(Math.ceil(within / 1000)), ...questions.map(question => question.join(' '))]

/** One answer a question, in their order. */
export function parseAnswers(out: string, count: number): Answer[] {
  const told = new Map(out.split('\n').map((line): [number, Answer] => {
    const [number = '', code, ms, tries, detail = ''] = line.split('\t')
    return [number === '' ? -1 : Number(number), {
      ok: code === '3' ? null : code === '0', ms: Number(ms), tries: Number(tries), detail: detail.trim(),
    }]
  }))
  return Array.from({ length: count }, (_, number) => told.get(number) ?? unanswered('gave no answer'))
}

/** For a place that could not be asked. */
export const unanswered = (detail: string): Answer => ({ ok: false, ms: 0, tries: 0, detail })
