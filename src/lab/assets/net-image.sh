#!/bin/sh
# net-image.sh ROOT: cuts a folder of unpacked Debian packages down to the userland of kube-proxy and flannel:
# a shell (busybox), iptables in both flavours, nft, ipset, conntrack, ip. Nothing of it was configured by dpkg.
set -eu
cd "$1"
rm -rf usr/share usr/lib/systemd var etc/apt etc/alternatives etc/systemd
for folder in bin sbin lib lib64; do
  if [ -e "$folder" ] && [ ! -L "$folder" ]; then
    mkdir -p "usr/$folder"
    cp -a "$folder/." "usr/$folder/"
    rm -rf "$folder"
  fi
  [ -d "usr/$folder" ] && [ ! -e "$folder" ] && ln -s "usr/$folder" "$folder"
done
[ -e usr/bin/busybox ] || { echo 'net-image.sh: no busybox in usr/bin' >&2; exit 1; }
for applet in sh cat cp rm mkdir ls ln mv echo grep sed awk sleep env hostname ping wget nslookup true false id ps \
  mount umount chmod touch timeout head tail wc cut tr sort test; do
  [ -e "usr/bin/$applet" ] || ln -s busybox "usr/bin/$applet"
done

# Which flavour the node uses shows in the kernel only: the kubelet leaves a hint chain; without it, the larger rule
# set wins. Asked again on each call, since a pod may start before the kubelet has left its hint.
cat > usr/sbin/iptables-wrapper <<'WRAPPER'
#!/bin/sh
hints() { "/usr/sbin/xtables-$1-multi" iptables-save -t mangle 2>/dev/null | grep -c KUBE-IPTABLES-HINT; }
rules() {
  { "/usr/sbin/xtables-$1-multi" iptables-save; "/usr/sbin/xtables-$1-multi" ip6tables-save; } 2>/dev/null | grep -c '^-'
}
if [ "$(hints nft)" -gt 0 ]; then flavour=nft
elif [ "$(hints legacy)" -gt 0 ]; then flavour=legacy
elif legacy=$(rules legacy); [ "$legacy" -gt 0 ] && [ "$legacy" -ge "$(rules nft)" ]; then flavour=legacy
else flavour=nft
fi
exec "/usr/sbin/xtables-$flavour-multi" "${0##*/}" "$@"
WRAPPER
chmod 755 usr/sbin/iptables-wrapper
for tool in iptables iptables-save iptables-restore ip6tables ip6tables-save ip6tables-restore; do
  ln -sf iptables-wrapper "usr/sbin/$tool"
done

mkdir -p etc tmp run proc sys dev root
chmod 1777 tmp
echo 'root:x:0:0:root:/root:/bin/sh' > etc/passwd
echo 'root:x:0:' > etc/group
echo 'hosts: files dns' > etc/nsswitch.conf
for tool in 'iptables --version' 'nft --version' 'ipset --version' 'ip -V' 'conntrack --version' 'busybox true'; do
  # shellcheck disable=SC2086
  chroot . $tool > /dev/null 2>&1 || { echo "net-image.sh: $tool does not run in the image" >&2; exit 1; }
done
