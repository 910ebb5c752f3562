#!/bin/sh
# Builds the Debian system of the real host. Runs in a private mount and PID namespace, so that what it
# mounts is seen by nobody else and what it starts ends with it.
# Environment: TARGET (folder to make), SUITE, URL (mirror or file://ARCHIVE), PACKAGES (words),
# ARCHIVE (folder of a local archive, or empty), KEYRING (for a mirror), SCRIPT (debootstrap's suite script).
set -eu

if [ -n "$ARCHIVE" ]; then
  debootstrap --no-check-gpg --variant=minbase "$SUITE" "$TARGET" "$URL" "$SCRIPT"
  mkdir -p "$TARGET/opt/packages"
  mount --bind "$ARCHIVE" "$TARGET/opt/packages"
  echo "deb [trusted=yes] file:///opt/packages $SUITE main" > "$TARGET/etc/apt/sources.list"
else
  debootstrap --keyring="$KEYRING" --variant=minbase "$SUITE" "$TARGET" "$URL" "$SCRIPT"
  echo "deb $URL $SUITE main" > "$TARGET/etc/apt/sources.list"
  cp /etc/resolv.conf "$TARGET/etc/resolv.conf"
fi

mkdir -p "$TARGET/etc/dpkg/dpkg.cfg.d" "$TARGET/etc/apt/apt.conf.d"
cat > "$TARGET/etc/dpkg/dpkg.cfg.d/real-host" <<'END'
force-unsafe-io
path-exclude=/usr/share/doc/*
path-exclude=/usr/share/man/*
path-exclude=/usr/share/locale/*
END
# The same proxies and time-outs as the machine's own package manager.
apt-config dump Acquire | grep -v '^Acquire "";$' > "$TARGET/etc/apt/apt.conf.d/80machine" || true
cat > "$TARGET/etc/apt/apt.conf.d/90real-host" <<'END'
Acquire::Check-Valid-Until "false";
Acquire::Languages "none";
Acquire::Retries "3";
APT::Sandbox::User "root";
APT::Install-Recommends "false";
END
# Nothing may be started by an installation: the kit starts the daemons itself.
printf '#!/bin/sh\nexit 101\n' > "$TARGET/usr/sbin/policy-rc.d"
chmod 755 "$TARGET/usr/sbin/policy-rc.d"

mount -t proc proc "$TARGET/proc"
chroot "$TARGET" apt-get -q update
# shellcheck disable=SC2086
chroot "$TARGET" apt-get -q -y install $PACKAGES
chroot "$TARGET" apt-get clean
rm -rf "$TARGET"/var/lib/apt/lists/* "$TARGET"/var/cache/apt/*.bin
# No network is brought up for guests: that would reach into the machine's own network settings.
rm -f "$TARGET"/etc/libvirt/qemu/networks/autostart/*
mkdir -p "$TARGET/guests" "$TARGET/consoles"
