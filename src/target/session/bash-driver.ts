/**
 * The bash program that runs on a host for as long as a session lasts and starts each step as a process of its own.
 * It needs bash 4.2, coreutils and /proc. Its names begin with pb_: the host's environment is in the same space.
 *
 * Every step has a FIFO for each output. One `cat` per output takes the FIFOs in turn, so that it costs a step neither
 * a fork nor an exec. A `cat` comes to the next FIFO when nobody holds the last one open any more: that is also how we
 * know that all a step printed was passed on.
 *
 * Descriptors: 0 frames; 1 and 9 the transport's outputs; 3 and 4 the two ends of a script; 5 and 6 outputs of the next
 * step (6 in the watch: frames); 7 to the watch; 8 what nobody writes to, to sleep on. A step gets 0 to 3 and nothing else.
 */
import { END } from './end.ts'
import { DRAIN, GRACE_S, RUN_VARIABLE } from './limits.ts'

/** Steps for which FIFOs are made at a time. */
const BATCH = 100

/** Looks at both `cat` before the driver sleeps between two: some 10 µs each. */
const SPINS = 100

/** Milliseconds between two looks then. */
const PAUSE = 5

/** Milliseconds between two looks whether whoever wants the step is still there. */
const LOOK = 500

/** Milliseconds for outputs that a slow connection takes its time with, at most: what is left is less than 200 kB. */
const SLOW = 20_000

const SETUP = `set -m
trap : HUP INT TERM
exec 9>&2 2>/dev/null
IFS=' ' read -r pb_mark pb_runs pb_ahead || exit
pb_locale=\${LC_ALL-}
declare +x LC_ALL
LC_ALL=C
pb_dir=$(mktemp -d -p /dev/shm proofbook.XXXXXXXXXX || mktemp -d -t proofbook.XXXXXXXXXX) &&
  mkfifo -m 600 -- "$pb_dir/never" "$pb_dir/news" || { echo 'no folder of our own can be made, neither in /dev/shm nor in the temporary folder' >&9; exit 74; }
exec 8<>"$pb_dir/never"`

/**
 * Ends steps whose time is up, and all that is left when the driver is gone, however that came, or when nobody is at the
 * other end of its input (6) any more: Proofbook was killed, or the connection was lost. In a group of its own.
 *
 * While a step runs nobody sends a frame: an input that can be read is then one that has ended, or the step has, of
 * which the driver has written before it told it.
 */
const WATCH = `pb_sweep() (
${END}
)
pb_end() {
  local n
  kill -TERM -- "-$1" || return
  for ((n = 0; n < ${GRACE_S}0; n++)); do
    kill -0 -- "-$1" || return
    read -rt 0.1 <&8
  done
  kill -KILL -- "-$1"
}
pb_watch() {
  local job= left step cats= first code news more rest now pause
  trap '' HUP INT TERM
  while :; do
    if [[ -z $job ]]; then
      read -r news more rest || break
    else
      now=$((left < ${LOOK} ? left : ${LOOK}))
      printf -v pause %d.%03d $((now / 1000)) $((now % 1000))
      # A time limit can come between two bytes of a line, and what was read of it is in the variable all the same.
      read -rN 1 -t "$pause" first
      code=$?
      if [[ -n $first ]]; then
        read -r news more rest
        news=$first$news
      elif ((code > 128)); then
        ((left -= now))
        if ((left == 0)); then
          : > "$pb_dir/late.$step"
          pb_end "$job"
          job=
        elif read -t 0 <&6 && ! read -t 0; then
          pb_end "$job"
          pb_sweep "$pb_runs.$step"
          job=
        fi
        continue
      else
        pb_end "$job"
        pb_sweep "$pb_runs.$step"
        read -rt 0.${DRAIN} <&8
        break
      fi
    fi
    case $news in
      cats) cats="$more $rest" ;;
      none) job= ;;
      [0-9]*) job=$news left=$more step=$rest ;;
    esac
  done
  [[ -z $cats ]] || kill -KILL $cats
  rm -rf -- "$pb_dir"
}
exec 7<>"$pb_dir/news"
pb_watch 6<&0 <"$pb_dir/news" >/dev/null 7>&- 9>&- &
exec 7>"$pb_dir/news"`

const OUTPUTS = `pb_cats() {
  local from=$((pb_slot - pb_first))
  cat -- "\${pb_outs[@]:from}" </dev/null 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&- &
  pb_out=$!
  cat -- "\${pb_errs[@]:from}" </dev/null >&9 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&- &
  pb_err=$!
  echo "cats $pb_out $pb_err" >&7
}
pb_stop_cats() {
  kill -KILL "$pb_out" "$pb_err"
  wait "$pb_out" "$pb_err"
}
pb_open() {
  exec 5<>"$pb_dir/out.$pb_slot" 6<>"$pb_dir/err.$pb_slot"
  exec 5>"$pb_dir/out.$pb_slot" 6>"$pb_dir/err.$pb_slot"
}
pb_batch() {
  local n
  pb_first=$pb_slot pb_last=$((pb_slot + ${BATCH})) pb_outs=() pb_errs=()
  for ((n = pb_first; n <= pb_last; n++)); do
    pb_outs+=("$pb_dir/out.$n") pb_errs+=("$pb_dir/err.$n")
  done
  mkfifo -m 600 -- "\${pb_outs[@]}" "\${pb_errs[@]}" || exit 74
  pb_cats
  pb_open
  pb_settle
}
pb_settle() {
  local n=0 held=0 cat fd why
  until [[ /proc/$pb_out/fd/3 -ef $pb_dir/out.$pb_slot && /proc/$pb_err/fd/3 -ef $pb_dir/err.$pb_slot ]]; do
    ((++n > ${SPINS})) || continue
    read -rt 0.00${PAUSE} <&8
    why=
    for cat in $pb_out $pb_err; do
      kill -0 "$cat" || why=ended
      fd=0x3 && read -r _ fd _ < "/proc/$cat/syscall"
      [[ $fd != 0x3 || -n $why ]] || [[ /proc/$cat/fd/3 -ef $pb_dir/out.$pb_slot || /proc/$cat/fd/3 -ef $pb_dir/err.$pb_slot ]] || why=held
    done
    [[ $why != held ]] || ((held += ${PAUSE}))
    [[ $why != ended ]] && ((held < ${DRAIN} && n < ${SLOW / PAUSE})) || { pb_stop_cats; pb_cats; n=0 held=0; }
  done
}
pb_next() {
  ((++pb_slot))
  pb_open
}
pb_turn() {
  ((pb_slot == pb_last)) || return
  pb_stop_cats
  rm -f -- "$pb_dir"/{out,err}.*
  ((++pb_slot))
  pb_batch
}`

/**
 * A pipe without a name, both ends of it: bash opens /dev/fd/3 anew, and a FIFO that nobody writes to any more would
 * block it there. A here-string is a pipe since bash 5.1, and an unlinked file before, which does as well as long as
 * the script is in it before it is opened.
 */
const STEP = `pb_pipe() {
  exec 3<<<''
  read -r <&3
  exec 4>/proc/self/fd/3
  [[ -p /proc/self/fd/3 ]] || pb_ahead=
}
pb_start() {
  {
    (
      [[ -z $pb_locale ]] || export LC_ALL=$pb_locale
      export ${RUN_VARIABLE}=$pb_runs.$1
      set -- bash -eo pipefail /dev/fd/3
      eval "$pb_env"
      eval "$pb_program"
      exec "$@"
    ) </dev/null >&5 2>&6 4>&- 5>&- 6>&- 7>&- 8>&- 9>&- &
  } 2>&9
  pb_job=$!
}
pb_start_ahead() {
  pb_program=
  pb_pipe
  pb_start $((pb_step + 1))
  pb_spare=$pb_job
}
pb_drop_spare() {
  [[ -n $pb_spare ]] || return
  kill -KILL -- "-$pb_spare"
  wait "$pb_spare"
  exec 3<&- 4>&-
  pb_spare=
  pb_next
  # Nobody reads the next outputs before both cat have seen the end of the spare's.
  pb_settle
  pb_turn
}
pb_run() {
  local limit=$1 how=$4 size=$5 script= job code late=0 before=$pb_env
  pb_env= pb_program=
  (($2 == 0)) || IFS= read -rN "$2" pb_env || exit
  (($3 == 0)) || IFS= read -rN "$3" pb_program || exit
  if [[ $how == pipe ]]; then
    ((size == 0)) || IFS= read -rN "$size" script || exit
    [[ -z $pb_program && $pb_env == "$before" ]] || pb_drop_spare
    [[ -n $pb_spare ]] || pb_pipe
    printf %s "$script" >&4
    exec 4>&-
    [[ -n $pb_spare ]] || pb_start "$pb_step"
  else
    pb_drop_spare
    head -c "$size" > "$pb_dir/script" 2>&9 && [[ $(wc -c < "$pb_dir/script") -eq $size ]] || exit 74
    exec 3<"$pb_dir/script"
    rm -f -- "$pb_dir/script"
    pb_start "$pb_step"
  fi
  exec 3<&-
  job=$pb_job pb_spare=
  echo "$job $limit $pb_step" >&7
  pb_next
  [[ -z $pb_ahead ]] || ((pb_slot == pb_last)) || pb_start_ahead
  while
    wait "$job"
    code=$?
    kill -0 "$job"
  do read -rt 0.05 <&8; done
  echo none >&7
  [[ ! -e $pb_dir/late.$pb_step ]] || late=1
  pb_settle
  pb_tell "$code" "$late"
  # Not while a step runs: both cat end with their FIFOs.
  pb_turn
}
pb_tell() {
  printf '\\036%s %d %d %d\\n' "$pb_mark" "$pb_step" "$1" "$2"
  printf '\\036%s %d %d %d\\n' "$pb_mark" "$pb_step" "$1" "$2" >&9
}`

const LOOP = `pb_slot=0 pb_step=0 pb_spare= pb_env= pb_program=
pb_batch
while IFS=' ' read -r pb_verb pb_limit pb_env_size pb_program_size pb_how pb_size || (($? > 128)); do
  case $pb_verb in
    run) ((++pb_step)); pb_run "$pb_limit" "$pb_env_size" "$pb_program_size" "$pb_how" "$pb_size" ;;
    ping) ((++pb_step)); pb_drop_spare; pb_tell 0 0 ;;
  esac
done
[[ -z $pb_spare ]] || kill -KILL -- "-$pb_spare"
`

export const BASH_DRIVER = [SETUP, WATCH, OUTPUTS, STEP, LOOP].join('\n')
