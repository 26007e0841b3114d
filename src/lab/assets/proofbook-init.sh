#!/bin/sh
# Becomes systemd in a privileged container, on machines with cgroup v2 and with cgroup v1 alike.
#
# PROOFBOOK_NIC=enp1s0: wait until that interface exists and has an IPv4 address, as a real machine finds its NIC
# before its services start (the lab pushes it into the container right after the start).
set -eu
export container=docker

if [ -n "${PROOFBOOK_NIC:-}" ]; then
  tries=0
  until ip -o -4 addr show dev "$PROOFBOOK_NIC" 2>/dev/null | grep -q inet; do
    tries=$((tries + 1))
    [ "$tries" -le 600 ] || { echo "proofbook-init: no address on $PROOFBOOK_NIC after 60 s" >&2; break; }
    sleep 0.1
  done
fi

# cgroup v2 and a cgroup namespace of our own: nothing to do.
if [ -f /sys/fs/cgroup/cgroup.controllers ] && grep -qx '0::/' /proc/self/cgroup; then
  exec /sbin/init
fi

# Otherwise: a group of our own in the cgroup2 hierarchy (every kernel has one, even where v1 owns the controllers),
# a namespace with that group as its root, and that hierarchy alone on /sys/fs/cgroup.
id=$(sed -n 's#.*/docker/containers/\([0-9a-f]\{64\}\)/.*#\1#p' /proc/self/mountinfo | head -n 1)
group=proofbook-${id:-$(cat /proc/sys/kernel/random/uuid)}
mkdir -p /tmp/cgroup
mount -t cgroup2 none /tmp/cgroup
/usr/local/sbin/proofbook-sweep /tmp/cgroup
mkdir -p "/tmp/cgroup/$group"
echo $$ > "/tmp/cgroup/$group/cgroup.procs"
exec unshare --cgroup sh -c '
  umount /tmp/cgroup
  umount --recursive /sys/fs/cgroup 2>/dev/null
  mount -t cgroup2 none /sys/fs/cgroup && exec /sbin/init'
