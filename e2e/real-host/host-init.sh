#!/bin/sh
# First process of the real host. Runs in a mount and a PID namespace of its own, mounts what the host's system
# needs, and then takes in orphans: without that libvirtd waits 40 s for a probe it cannot end. Killing this
# process ends every process of the host, and its mounts go with it.
# Arguments: the system's folder; then pairs of a folder and the place where it is to be seen inside.
# Environment: HOST_NAME (the name the host gives itself, or empty for the machine's).
set -eu

root=$1
shift
mount -t proc proc "$root/proc"
[ -z "$HOST_NAME" ] || echo "$HOST_NAME" > "$root/proc/sys/kernel/hostname"
mount -t sysfs -o ro sysfs "$root/sys"

# A /dev of its own: the machine's is never seen inside, so nothing in here can change it.
mount -t tmpfs -o mode=755,size=1m tmpfs "$root/dev"
while read -r name mode major minor; do
  mknod -m "$mode" "$root/dev/$name" c "$major" "$minor"
done <<'END'
null 666 1 3
zero 666 1 5
full 666 1 7
random 666 1 8
urandom 666 1 9
tty 666 5 0
END
mkdir "$root/dev/pts" "$root/dev/shm"
mount -t devpts -o newinstance,mode=620,gid=5,ptmxmode=666 devpts "$root/dev/pts"
mount -t tmpfs -o mode=1777 tmpfs "$root/dev/shm"
ln -s pts/ptmx "$root/dev/ptmx"
ln -s /proc/self/fd "$root/dev/fd"

while [ $# -ge 2 ]; do
  mkdir -p "$root$2"
  mount --bind "$1" "$root$2"
  shift 2
done

exec chroot "$root" /bin/sh -c 'cd /; echo ready; while :; do sleep 86400 & wait; done'
