#!/bin/sh
# proofbook-sweep [MOUNTED-CGROUP2]: removes the cgroups that dead lab hosts left in the machine's cgroup2 hierarchy.
# The kernel refuses to remove a group that holds a process, and a group with processes below it is not looked into.
set -eu
root=${1:-}
if [ -z "$root" ]; then
  root=$(mktemp -d)
  mount -t cgroup2 none "$root"
  trap 'umount "$root"; rmdir "$root"' EXIT
fi
for group in "$root"/proofbook-*; do
  [ -d "$group" ] && grep -qx 'populated 0' "$group/cgroup.events" || continue
  find "$group" -depth -type d -exec rmdir {} + 2>/dev/null || true
done
