#!/bin/sh
# cilium-tools.sh ROOT CLANG: cuts a folder of unpacked Debian packages down to what Cilium's agent and its chart's
# scripts run beside the packet filter tools, and adds the compiler from CLANG, a folder with clang's own packages.
# The agent passes -nostdinc and links nothing: no headers, no binutils.
set -eu
clang=$2
cd "$1"
rm -rf usr/share usr/lib/systemd usr/lib/udev usr/lib/*/perl* usr/lib/*/gconv var etc/apt etc/alternatives etc/systemd boot home media mnt opt srv
for folder in bin sbin lib lib64; do
  if [ -e "$folder" ] && [ ! -L "$folder" ]; then
    mkdir -p "usr/$folder"
    cp -a "$folder/." "usr/$folder/"
    rm -rf "$folder"
  fi
  if [ -d "usr/$folder" ] && [ ! -e "$folder" ]; then ln -s "usr/$folder" "$folder"; fi
done
cp "$clang"/usr/lib/llvm-*/bin/clang usr/bin/clang
for library in "$clang"/usr/lib/*-linux-gnu/libLLVM.so.* "$clang"/usr/lib/*-linux-gnu/libclang-cpp.so.*; do
  cp -a "$library" "usr/lib/$(basename "$(dirname "$library")")/"
done
for tool in 'clang --version' 'bash --version' 'nsenter --version' 'mount --version' 'cp --version' 'find --version'; do
  # shellcheck disable=SC2086
  chroot . $tool > /dev/null || { echo "cilium-tools.sh: $tool does not run in the image" >&2; exit 1; }
done
