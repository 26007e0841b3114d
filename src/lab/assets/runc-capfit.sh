#!/bin/sh
# Fits an OCI process to what this machine may give, then runs runc with the same arguments.
#
# On a machine without CAP_SYS_RESOURCE (or inside a privileged container of Docker 20.10, which keeps PERFMON, BPF and
# CHECKPOINT_RESTORE to itself) runc fails for every container that asks for more: "unable to apply caps: operation not
# permitted". Privileged containers and pods that add such a capability would never start. So this takes out of the
# specification whatever is not in our own bounding set, and, where CAP_SYS_RESOURCE is missing, what only it permits:
# negative oom_score_adj and raised rlimits. With a full bounding set it changes nothing.
runc=@RUNC@

names="CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID KILL SETGID SETUID SETPCAP LINUX_IMMUTABLE NET_BIND_SERVICE
NET_BROADCAST NET_ADMIN NET_RAW IPC_LOCK IPC_OWNER SYS_MODULE SYS_RAWIO SYS_CHROOT SYS_PTRACE SYS_PACCT SYS_ADMIN
SYS_BOOT SYS_NICE SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG MKNOD LEASE AUDIT_WRITE AUDIT_CONTROL SETFCAP MAC_OVERRIDE
MAC_ADMIN SYSLOG WAKE_ALARM BLOCK_SUSPEND AUDIT_READ PERFMON BPF CHECKPOINT_RESTORE"

command= bundle=. process= previous=
for argument in "$@"; do
  case $previous in
    --bundle|-b) bundle=$argument ;;
    --process|-p) process=$argument ;;
  esac
  case $argument in
    --bundle=*) bundle=${argument#*=} ;;
    --process=*) process=${argument#*=} ;;
    create|run|exec|restore) command=${command:-$argument} ;;
  esac
  previous=$argument
done

case $command in
  exec) spec=$process ;;
  '') spec= ;;
  *) spec=$bundle/config.json ;;
esac
[ -n "$spec" ] && [ -f "$spec" ] || exec "$runc" "$@"

# The JSON comes from Go: a string that only mentions such a name has its quotes escaped and does not match.
bounding=$((0x$(sed -n 's/^CapBnd:[[:space:]]*//p' /proc/self/status)))
edits= bit=0
for name in $names; do
  if [ $(((bounding >> bit) & 1)) = 0 ]; then
    edits="$edits;s/\"CAP_$name\", *//g;s/, *\"CAP_$name\"//g;s/\"CAP_$name\"//g"
    if [ "$name" = SYS_RESOURCE ]; then
      edits="$edits;s/\"oomScoreAdj\": *-[0-9]*/\"oomScoreAdj\":0/g;s/\"rlimits\": *\[[^]]*\], *//g;s/, *\"rlimits\": *\[[^]]*\]//g"
    fi
  fi
  bit=$((bit + 1))
done
[ -z "$edits" ] || sed -i "${edits#;}" "$spec"
exec "$runc" "$@"
