import type { GuestSystem } from './guest-profile.ts'

/** An operating system that a demo guest can have: what its creator noted, and what its agent says. */
interface GuestOsFacts {
  /** libosinfo id for the domain's metadata; `null` = nobody noted anything. */
  readonly osinfo: string | null
  readonly system: GuestSystem
}

function linux(
  osinfo: string | null,
  id: string,
  name: string,
  versionId: string,
  version: string,
  kernelRelease: string,
  machine = 'x86_64',
): GuestOsFacts {
  return {
    osinfo,
    system: {
      id,
      name,
      prettyName: `${name} ${version}`,
      version,
      versionId,
      machine,
      kernelRelease,
      kernelVersion: '#1 SMP PREEMPT_DYNAMIC',
    },
  }
}

function windows(
  osinfo: string,
  variantId: 'server' | 'client',
  prettyName: string,
  versionId: string,
  kernelVersion: string,
  kernelRelease: string,
  machine = 'x86_64',
): GuestOsFacts {
  return {
    osinfo,
    system: {
      id: 'mswindows',
      name: 'Microsoft Windows',
      prettyName,
      version: `Microsoft ${prettyName}`,
      versionId,
      variant: variantId,
      variantId,
      kernelVersion,
      kernelRelease,
      machine,
    },
  }
}

/** Guests of the demo fleet, at least one for each kind of answer in the guest OS matrix. */
export const GUEST_SYSTEMS = {
  'rhel-9': linux(
    'http://redhat.com/rhel/9.4',
    'rhel',
    'Red Hat Enterprise Linux',
    '9.4',
    '9.4 (Plow)',
    '5.14.0-427.el9',
  ),
  'rhel-8': linux(
    'http://redhat.com/rhel/8.10',
    'rhel',
    'Red Hat Enterprise Linux',
    '8.10',
    '8.10 (Ootpa)',
    '4.18.0-553.el8',
  ),
  'rhel-7': linux(
    'http://redhat.com/rhel/7.9',
    'rhel',
    'Red Hat Enterprise Linux Server',
    '7.9',
    '7.9 (Maipo)',
    '3.10.0-1160.el7',
  ),
  'rhel-6.3-x86': linux(
    'http://redhat.com/rhel/6.3',
    'rhel',
    'Red Hat Enterprise Linux',
    '6.3',
    '6.3 (Santiago)',
    '2.6.32-279.el6',
    'i686',
  ),
  'rhel-9-ppc64le': linux(
    'http://redhat.com/rhel/9.4',
    'rhel',
    'Red Hat Enterprise Linux',
    '9.4',
    '9.4 (Plow)',
    '5.14.0-427.el9',
    'ppc64le',
  ),
  'rhel-9-s390x': linux(
    'http://redhat.com/rhel/9.4',
    'rhel',
    'Red Hat Enterprise Linux',
    '9.4',
    '9.4 (Plow)',
    '5.14.0-427.el9',
    's390x',
  ),
  'debian-12': linux(
    'http://debian.org/debian/12',
    'debian',
    'Debian GNU/Linux',
    '12',
    '12 (bookworm)',
    '6.1.0-28-amd64',
  ),
  'debian-13': linux(
    'http://debian.org/debian/13',
    'debian',
    'Debian GNU/Linux',
    '13',
    '13 (trixie)',
    '6.12.6-amd64',
  ),
  'debian-13-ppc64le': linux(
    'http://debian.org/debian/13',
    'debian',
    'Debian GNU/Linux',
    '13',
    '13 (trixie)',
    '6.12.6-powerpc64le',
    'ppc64le',
  ),
  'debian-13-aarch64': linux(
    'http://debian.org/debian/13',
    'debian',
    'Debian GNU/Linux',
    '13',
    '13 (trixie)',
    '6.12.6-arm64',
    'aarch64',
  ),
  'ubuntu-24.04': linux(
    'http://ubuntu.com/ubuntu/24.04',
    'ubuntu',
    'Ubuntu',
    '24.04',
    '24.04.1 LTS (Noble Numbat)',
    '6.8.0-49-generic',
  ),
  'ubuntu-22.04': linux(
    'http://ubuntu.com/ubuntu/22.04',
    'ubuntu',
    'Ubuntu',
    '22.04',
    '22.04.5 LTS (Jammy Jellyfish)',
    '5.15.0-126-generic',
  ),
  'sles-15': linux('http://suse.com/sle/15.5', 'sles', 'SLES', '15.5', '15-SP5', '5.14.21-150500.55-default'),
  'fedora-42': linux(
    'http://fedoraproject.org/fedora/42',
    'fedora',
    'Fedora Linux',
    '42',
    '42 (Server Edition)',
    '6.14.0-63.fc42',
  ),
  'rocky-9': linux(
    'http://rockylinux.org/rocky/9.4',
    'rocky',
    'Rocky Linux',
    '9.4',
    '9.4 (Blue Onyx)',
    '5.14.0-427.el9',
  ),
  'alma-9': linux(
    'http://almalinux.org/almalinux/9.4',
    'almalinux',
    'AlmaLinux',
    '9.4',
    '9.4 (Seafoam Ocelot)',
    '5.14.0-427.el9',
  ),
  'centos-7': linux(
    'http://centos.org/centos/7',
    'centos',
    'CentOS Linux',
    '7',
    '7 (Core)',
    '3.10.0-1160.el7',
  ),
  'linux-other': linux(
    'http://libosinfo.org/linux/2022',
    'nixos',
    'NixOS',
    '25.05',
    '25.05 (Warbler)',
    '6.12.8',
  ),
  'freebsd-14': linux(
    'http://freebsd.org/freebsd/14.1',
    'freebsd',
    'FreeBSD',
    '14.1',
    '14.1-RELEASE',
    '14.1-RELEASE',
    'amd64',
  ),
  'windows-2003': windows(
    'http://microsoft.com/win/2k3',
    'server',
    'Windows Server 2003 R2',
    '2003',
    '5.2',
    '3790',
    'x86',
  ),
  'windows-2008-standard': windows(
    'http://microsoft.com/win/2k8',
    'server',
    'Windows Server (R) 2008 Standard',
    '2008',
    '6.0',
    '6003',
  ),
  'windows-2008r2-datacenter': windows(
    'http://microsoft.com/win/2k8r2',
    'server',
    'Windows Server 2008 R2 Datacenter',
    '2008r2',
    '6.1',
    '7601',
  ),
  'windows-2012r2': windows(
    'http://microsoft.com/win/2k12r2',
    'server',
    'Windows Server 2012 R2 Standard',
    '2012r2',
    '6.3',
    '9600',
  ),
  'windows-2022': windows(
    'http://microsoft.com/win/2k22',
    'server',
    'Windows Server 2022 Standard',
    '2022',
    '10.0',
    '20348',
  ),
  'windows-2019': windows(
    'http://microsoft.com/win/2k19',
    'server',
    'Windows Server 2019 Datacenter',
    '2019',
    '10.0',
    '17763',
  ),
  'windows-11-pro': windows('http://microsoft.com/win/11', 'client', 'Windows 10 Pro', '11', '10.0', '22631'),
  'windows-7-pro': windows(
    'http://microsoft.com/win/7',
    'client',
    'Windows 7 Professional',
    '7',
    '6.1',
    '7601',
  ),
  macos: { osinfo: 'http://apple.com/macosx/10.7', system: {} },
  unknown: { osinfo: null, system: {} },
} as const satisfies Record<string, GuestOsFacts>

export type GuestSystemKey = keyof typeof GUEST_SYSTEMS

/** The facts of a system by its key. */
export function guestSystem(key: GuestSystemKey): GuestOsFacts {
  return GUEST_SYSTEMS[key]
}
