/**
 * Begin of a script that runs in a mount namespace of its own. Arguments: the host's system and a folder. It turns the
 * system into one with other devices, an empty state and the folder as /mnt, whose `run` is its /run; of the drivers
 * libvirtd has only the test driver. The host itself does not notice it.
 */
export const PRIVATE_SYSTEM = `
root=$1 work=$2
mount -t proc proc "$root/proc"
mount -t tmpfs tmpfs "$root/var/lib/libvirt"
mount -t tmpfs tmpfs "$root/usr/lib/x86_64-linux-gnu/libvirt/connection-driver"
mount -t tmpfs tmpfs "$root/dev"
mknod -m 666 "$root/dev/null" c 1 3
mknod -m 666 "$root/dev/random" c 1 8
mknod -m 666 "$root/dev/urandom" c 1 9
mount --bind "$work" "$root/mnt"
mkdir -p "$work/run/libvirt"
mount --bind "$work/run" "$root/run"
`
