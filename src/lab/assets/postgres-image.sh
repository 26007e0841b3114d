#!/bin/sh
# postgres-image.sh ROOT VERSION: turns a folder of unpacked Debian packages into an image of PostgreSQL with what the
# official image has in the same places: user postgres (999), the programs in /usr/lib/postgresql/VERSION/bin, a shell.
# Nothing of it was configured by dpkg.
set -eu
cd "$1"
rm -rf usr/lib/systemd usr/lib/udev usr/lib/python3* usr/lib/*/gconv usr/lib/*/perl* usr/share/perl* usr/lib/llvm* usr/lib/*/libLLVM* \
  usr/lib/*/libperl* usr/lib/postgresql/"$2"/lib/bitcode usr/lib/postgresql/"$2"/lib/llvmjit* var etc/apt etc/systemd etc/init.d
find usr/share -mindepth 1 -maxdepth 1 ! -name ca-certificates ! -name postgresql ! -name zoneinfo -exec rm -rf {} +
for folder in bin sbin lib lib64; do
  if [ -e "$folder" ] && [ ! -L "$folder" ]; then
    mkdir -p "usr/$folder"
    cp -a "$folder/." "usr/$folder/"
    rm -rf "$folder"
  fi
  [ -d "usr/$folder" ] && [ ! -e "$folder" ] && ln -s "usr/$folder" "$folder"
done
# Debian's wrappers are written in Perl
for program in usr/lib/postgresql/"$2"/bin/*; do rm -f "usr/bin/${program##*/}"; done
for applet in $(usr/bin/busybox --list); do
  [ -e "usr/bin/$applet" ] || [ -e "usr/sbin/$applet" ] || ln -s busybox "usr/bin/$applet"
done
ln -sf dash usr/bin/sh

mkdir -p etc tmp run proc sys dev root var/lib/postgresql/data var/run/postgresql
chmod 1777 tmp
chown 999:999 var/lib/postgresql var/lib/postgresql/data var/run/postgresql
chmod 2775 var/run/postgresql
cat > etc/passwd <<'PASSWD'
root:x:0:0:root:/root:/bin/sh
postgres:x:999:999::/var/lib/postgresql:/bin/sh
nobody:x:65534:65534:nobody:/:/sbin/nologin
PASSWD
cat > etc/group <<'GROUP'
root:x:0:
postgres:x:999:
nogroup:x:65534:
GROUP
echo 'hosts: files dns' > etc/nsswitch.conf
for tool in postgres initdb psql pg_isready pg_basebackup pg_ctl; do
  chroot . "/usr/lib/postgresql/$2/bin/$tool" --version > /dev/null || { echo "postgres-image.sh: $tool does not run in the image" >&2; exit 1; }
done
chroot . sh -c : || { echo 'postgres-image.sh: no shell in the image' >&2; exit 1; }
