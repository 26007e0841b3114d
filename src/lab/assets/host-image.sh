#!/bin/sh
# Turns a minimal Debian into the image of a lab host: a small server as an installer would leave it.
# Runs as root inside that Debian (chroot or container), with the network. Files that the image brings along are
# already in place.
set -eu
export DEBIAN_FRONTEND=noninteractive LC_ALL=C

cat > /etc/dpkg/dpkg.cfg.d/proofbook <<'CFG'
force-unsafe-io
path-exclude=/usr/share/man/*
path-exclude=/usr/share/doc/*
path-include=/usr/share/doc/*/copyright
path-exclude=/usr/share/locale/*
CFG
# No service may start while the image is made.
printf '#!/bin/sh\nexit 101\n' > /usr/sbin/policy-rc.d
chmod 755 /usr/sbin/policy-rc.d

apt-get update
# shellcheck disable=SC2086
apt-get install --yes --no-install-recommends $PACKAGES

# What a runbook installs comes from a repository on the host itself, since a lab has no way out: every package that
# it names, with all that the image does not have yet.
repository=/var/lib/proofbook/apt
mkdir -p "$repository/partial"
# shellcheck disable=SC2086
apt-get install --yes --no-install-recommends --download-only -o Dir::Cache::archives="$repository" $OFFERED
if [ -n "$LATER" ]; then
  # HAProxy of a later Debian, with what it needs in a newer version; everything else is that of the host's own.
  rm -f "$repository"/haproxy_*.deb
  suite=$(. /etc/os-release && echo "$VERSION_CODENAME")
  later=/etc/apt/sources.list.d/later.list
  mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' "Codename: $suite" | head -n 1)
  [ -n "$mirror" ] || { echo "no source of $suite packages that could have haproxy of $LATER too" >&2; exit 1; }
  # A mirror may lag behind: its index is signed all the same.
  echo "deb [check-valid-until=no signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror $LATER main" > "$later"
  printf 'Package: *\nPin: release n=%s\nPin-Priority: 100\n' "$LATER" > /etc/apt/preferences.d/later
  apt-get update
  apt-get install --yes --no-install-recommends --download-only -o Dir::Cache::archives="$repository" "haproxy/$LATER"
  rm -f /etc/apt/preferences.d/later "$later"
  # What that HAProxy needs newer than it is here is there from the start: `purge` of it does not bring the older one back.
  for deb in "$repository"/*.deb; do
    if dpkg-query --show --showformat '${Status}' "$(dpkg-deb --field "$deb" Package)" 2>/dev/null | grep -q 'ok installed'; then
      dpkg --install "$deb"
      rm "$deb"
    fi
  done
fi
rm -rf "$repository/partial" "$repository/lock"
cd "$repository"
for deb in *.deb; do
  dpkg-deb --field "$deb"
  printf 'Filename: ./%s\nSize: %s\nSHA256: %s\n\n' "$deb" "$(stat -c %s "$deb")" "$(sha256sum "$deb" | cut -d' ' -f1)"
done > Packages
printf 'Suite: proofbook\nDate: %s\nSHA256:\n %s %s Packages\n' "$(date -u '+%a, %d %b %Y %H:%M:%S UTC')" "$(sha256sum Packages | cut -d' ' -f1)" "$(stat -c %s Packages)" > Release
cd /
echo 'Acquire::Languages "none";' > /etc/apt/apt.conf.d/50proofbook
rm -rf /etc/apt/sources.list /etc/apt/sources.list.d/* /var/lib/apt/lists/* /var/cache/apt/*
echo "deb [trusted=yes] file:$repository ./" > /etc/apt/sources.list.d/proofbook.list
apt-get update

# `purge --auto-remove` in a runbook must remove what that runbook brought, nothing of the image.
apt-get autoremove --purge --yes
apt-mark showauto | xargs --no-run-if-empty apt-mark manual > /dev/null

# Units that have no meaning in a container, and would leave the host "degraded".
for unit in getty@tty1.service e2scrub_reap.service fstrim.timer e2scrub_all.timer apt-daily.timer apt-daily-upgrade.timer; do
  systemctl disable "$unit" 2>/dev/null || true
done
systemctl mask systemd-binfmt.service sys-kernel-debug.mount sys-kernel-tracing.mount dev-hugepages.mount dev-mqueue.mount
systemctl enable ssh.service networking.service

# A privileged container shares the kernel with the machine: Debian's settings for the whole kernel stay off it.
rm -f /usr/lib/sysctl.d/*

# What systemd does once after an update of /usr is done: else the first start is another one than all later ones.
touch /etc/.updated /var/.updated

# One image, many hosts: identities are made at the first start.
rm -f /etc/ssh/ssh_host_* /usr/sbin/policy-rc.d /var/lib/dbus/machine-id
: > /etc/machine-id
mkdir -p /etc/systemd/system/ssh.service.d
cat > /etc/systemd/system/ssh.service.d/keys.conf <<'CFG'
[Service]
ExecStartPre=
ExecStartPre=/usr/bin/ssh-keygen -A
ExecStartPre=/usr/sbin/sshd -t
CFG
# Not /tmp: mmdebstrap keeps its settings there, and would clean the machine's own package cache without them.
rm -rf /var/cache/debconf/*-old /var/lib/dpkg/*-old /var/cache/apt/*.bin
find /var/log -type f -delete
