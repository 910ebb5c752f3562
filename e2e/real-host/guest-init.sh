#!/bin/busybox sh
# First process of a test guest. Says on the serial console which CPUs are online whenever that changes, in
# the form `online=0-3`, and behaves as the kernel command line asks:
#   real_host.behaviour=normal         added CPUs are set online at once
#   real_host.behaviour=leave-offline  added CPUs stay offline
#   real_host.behaviour=refuse         once an added CPU is online, the boot CPUs are taken offline, so that the
#                                      last of the added CPUs cannot be let go
#   real_host.behaviour=burn           like normal, and every CPU is kept busy
#   real_host.pci=switch               a PCI device's memory decoding is switched off and on once a second and
#                                      soon after every change of CPUs: under software emulation QEMU reports a
#                                      removed x86 CPU only when its memory map is built anew
#   real_host.name=NAME                host name
# The loop is woken by the kernel's events and uses nothing but the shell's own commands: an idle guest must cost
# the machine next to nothing.

export PATH=/bin:/sbin:/usr/bin:/usr/sbin
/bin/busybox mkdir -p /proc /sys /dev /run /var /tmp /sbin /usr/bin /usr/sbin /etc
/bin/busybox --install -s 2> /dev/null
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs devtmpfs /dev
[ -e /var/run ] || ln -s /run /var/run

behaviour=normal
pci=still
for word in $(cat /proc/cmdline); do
  case $word in
    real_host.behaviour=*) behaviour=${word#*=} ;;
    real_host.pci=*) pci=${word#*=} ;;
    real_host.name=*) hostname "${word#*=}" ;;
  esac
done
ip link set lo up

# In the background, because software emulation takes a second to check the modules' signatures.
serve_host() {
  [ -e /modules/order ] || return
  while read -r module; do insmod "/modules/$module" || echo "module $module could not be loaded"; done < /modules/order
  # The power button, as `virsh shutdown` presses it: its only event ends the guest.
  for input in /sys/class/input/event*; do
    [ "$(cat "$input/device/name")" = 'Power Button' ] || continue
    ( dd if="/dev/input/${input##*/}" of=/dev/null bs=24 count=1 2> /dev/null && poweroff -f ) &
  done
  for port in /sys/class/virtio-ports/*; do
    [ -x /usr/sbin/qemu-ga ] && [ "$(cat "$port/name")" = org.qemu.guest_agent.0 ] || continue
    while :; do qemu-ga -m virtio-serial -p "/dev/${port##*/}" -t /run > /dev/null 2>&1; sleep 1; done
  done
}
serve_host &

cpus=/sys/devices/system/cpu
device=/sys/bus/pci/devices/0000:00:1f.2/config
if [ "$pci" = switch ] && [ -e $device ]; then
  # Bit 1 of the command register (offset 4) is memory decoding.
  command=$(dd if=$device bs=1 skip=4 count=1 2> /dev/null | od -An -tu1)
  off=$(printf '\\%03o' $((command & ~2)))
  on=$(printf '\\%03o' $((command | 2)))
else
  pci=still
fi

# Writes one byte at offset 4. The four bytes before it are the vendor and device id, none of them zero or a
# newline, so the shell's own `read` can step over them.
write_command() {
  exec 5<> $device
  read -r -n 4 _ <&5
  printf "$1" >&5
  exec 5>&-
}

switch_memory_decoding() {
  [ $pci = switch ] || return
  write_command "$off"
  write_command "$on"
}

last_cpu() {
  list=${1##*,}
  echo "${list#*-}"
}

set_online() {
  read -r state < $cpus/cpu$1/online
  [ "$state" = "$2" ] || echo "$2" > $cpus/cpu$1/online
}

# CPUs that have just been added, each a file; one that somebody takes offline later is left alone. The kernel's event is
# what tells: a CPU that went and came back while this loop had no time to run looks as if it had never been away. ppc64le
# kernels set added CPUs online themselves. One whose switch is not there has gone again. The kernel may say "try again"
# where the same CPU has hardly gone.
meet_added() {
  for added in /run/added/*; do
    number=${added##*/}
    [ -e "$added" ] || continue
    rm "$added"
    [ -e $cpus/cpu$number/online ] || continue
    wanted=1
    [ "$behaviour" = leave-offline ] && wanted=0
    set_online "$number" $wanted || echo > "$added"
  done
}

refuse() {
  number=0
  while [ $number -le "$last_boot" ]; do
    # The x86 kernel has no switch for a CPU that it cannot do without.
    [ -e $cpus/cpu$number/online ] && set_online $number 0
    number=$((number + 1))
  done
}

burners=
keep_busy() {
  count=$(nproc)
  set -- $burners
  while [ $# -lt "$count" ]; do
    ( while :; do :; done ) &
    set -- "$@" $!
  done
  while [ $# -gt "$count" ]; do
    kill "$1"
    shift
  done
  burners="$*"
}

# Each event of a CPU writes an empty line into the pipe that the loop waits on: no more, because a `read` whose time is up
# in the middle of a line has swallowed the beginning.
mkdir /run/added
mkfifo /run/tick
exec 9<> /run/tick
cat > /run/tell << 'END'
#!/bin/sh
[ "$SUBSYSTEM" = cpu ] || exit 0
[ "$ACTION" = add ] && echo > "/run/added/${DEVPATH##*/cpu}"
echo > /run/tick
END
chmod 755 /run/tell
uevent /run/tell &
# Whoever waits for the first `online=` adds CPUs at once: it is not said before the kernel's events are heard.
until read -r -t 0.1 _ <&9; do echo change > $cpus/cpu0/uevent; done
echo "behaviour=$behaviour pci=$pci kernel=$(uname -r)"

read -r present < $cpus/present
last_boot=$(last_cpu "$present")
online=
hurry=0
while :; do
  meet_added
  read -r now < $cpus/online
  if [ "$now" != "$online" ]; then
    online=$now
    echo "online=$online"
    hurry=10
    [ "$behaviour" = burn ] && keep_busy
    [ "$behaviour" = refuse ] && [ "$(last_cpu "$online")" -gt "$last_boot" ] && refuse
  fi
  # The host hears of an unplugged CPU a moment after the guest does, so look again soon after an event.
  wait_s=1
  if [ $hurry -gt 0 ]; then
    hurry=$((hurry - 1))
    wait_s=0.1
  fi
  # Only in quiet moments: QEMU 11.1 can crash (seen once, in its thread call_rcu) when its memory map is rebuilt while a
  # CPU is being taken away.
  if read -r -t $wait_s _ <&9; then hurry=10; else switch_memory_decoding; fi
done
