#!/bin/sh
# agnhost-image.sh ROOT: turns a folder of unpacked Debian packages into the userland that upstream's agnhost image has
# from Alpine: a shell, bash, curl, dig, nc, ip and ss, ping, iperf. Nothing of it was configured by dpkg.
set -eu
cd "$1"
rm -rf usr/lib/systemd usr/lib/udev usr/lib/python3* usr/lib/*/gconv var etc/apt etc/alternatives etc/systemd etc/init.d
find usr/share -mindepth 1 -maxdepth 1 ! -name ca-certificates -exec rm -rf {} +
for folder in bin sbin lib lib64; do
  if [ -e "$folder" ] && [ ! -L "$folder" ]; then
    mkdir -p "usr/$folder"
    cp -a "$folder/." "usr/$folder/"
    rm -rf "$folder"
  fi
  [ -d "usr/$folder" ] && [ ! -e "$folder" ] && ln -s "usr/$folder" "$folder"
done
[ -e usr/bin/busybox ] || { echo 'agnhost-image.sh: no busybox in usr/bin' >&2; exit 1; }
for applet in $(usr/bin/busybox --list); do
  [ -e "usr/bin/$applet" ] || [ -e "usr/sbin/$applet" ] || ln -s busybox "usr/bin/$applet"
done
# what the packages' scripts would have linked
ln -sf nc.openbsd usr/bin/nc
# Debian's busybox, as a shell, runs its own nc and ping whatever is on PATH
ln -sf dash usr/bin/sh

mkdir -p etc tmp run proc sys dev root uploads
chmod 1777 tmp
# users and groups by upstream's Dockerfile
cat > etc/passwd <<'PASSWD'
root:x:0:0:root:/root:/bin/sh
nobody:x:65534:65534:nobody:/:/sbin/nologin
user-defined-in-image:x:1000:1000::/:/sbin/nologin
PASSWD
cat > etc/group <<'GROUP'
root:x:0:
nogroup:x:65534:
user-defined-in-image:x:1000:user-defined-in-image
group-defined-in-image:x:50000:user-defined-in-image
GROUP
echo 'hosts: files dns' > etc/nsswitch.conf
for tool in 'bash --version' 'curl --version' 'dig -v' 'ip -V' 'ss -V' 'ping -V' 'getent passwd root' 'busybox true' 'sh -c :'; do
  # shellcheck disable=SC2086
  chroot . $tool > /dev/null 2>&1 || { echo "agnhost-image.sh: $tool does not run in the image" >&2; exit 1; }
done
