#!/bin/sh
# Prepares a Debian for kind's files, as kind's own base image does: only what a node needs starts at boot.
set -eu
rm -f /lib/systemd/system/sysinit.target.wants/systemd-tmpfiles-setup.service \
  /lib/systemd/system/multi-user.target.wants/* /etc/systemd/system/*.wants/* \
  /lib/systemd/system/local-fs.target.wants/* /lib/systemd/system/sockets.target.wants/*udev* \
  /lib/systemd/system/sockets.target.wants/*initctl* /lib/systemd/system/basic.target.wants/*
echo 'ReadKMsg=no' >> /etc/systemd/journald.conf
ln -sf /lib/systemd/systemd /sbin/init
# a node shares the kernel with the machine: Debian's settings for the whole kernel stay off it
rm -f /usr/lib/sysctl.d/*
mkdir -p /etc/kubernetes/manifests /opt/cni/bin /etc/cni/net.d /kind/manifests /lib/modules
# every server of a real cluster has sshd; its keys are made at the first start
rm -f /etc/ssh/ssh_host_*
mkdir -p /etc/systemd/system/ssh.service.d
printf '[Service]\nExecStartPre=\nExecStartPre=/usr/bin/ssh-keygen -A\nExecStartPre=/usr/sbin/sshd -t\n' > /etc/systemd/system/ssh.service.d/keys.conf
# not /tmp: mmdebstrap keeps its settings there, and would clean the machine's own package cache without them
rm -rf /var/cache/debconf/*-old
find /var/log -type f -delete
