import { describe, expect, it } from 'vitest'
import { createGuestOsMatrix } from './create-guest-os-matrix.ts'

const matrix = createGuestOsMatrix()
const debian12 = {
  id: 'debian',
  name: 'Debian GNU/Linux',
  prettyName: 'Debian GNU/Linux 12 (bookworm)',
  versionId: '12',
  machine: 'x86_64',
}
const windows11Pro = {
  id: 'mswindows',
  prettyName: 'Windows 10 Pro',
  versionId: '11',
  variantId: 'client',
  kernelRelease: '26100',
  kernelVersion: '10.0',
  machine: 'x86_64',
}

describe('what the guest runs', () => {
  it('is unknown where nothing tells, and then nothing is verified', () => {
    expect(matrix.detect({ arch: 'x86_64' })).toEqual({
      name: 'unknown',
      source: 'none',
      row: 'other-x86_64',
      plug: 'unknown',
      unplug: 'unknown',
    })
  })

  it('comes from the agent before the metadata', () => {
    const detected = matrix.detect({
      arch: 'x86_64',
      agentOs: debian12,
      libosinfoId: 'http://debian.org/debian/12',
    })
    expect(detected).toEqual({
      name: 'Debian GNU/Linux 12 (bookworm)',
      source: 'agent',
      row: 'debian-12-x86_64',
      plug: '+',
      unplug: '+',
    })
  })

  it('comes from the metadata where the agent names no system', () => {
    const detected = matrix.detect({
      arch: 'x86_64',
      agentOs: { kernelRelease: '6.1.0', machine: 'x86_64' },
      libosinfoId: 'http://debian.org/debian/12',
    })
    expect(detected).toMatchObject({ name: 'Debian 12', source: 'metadata', row: 'debian-12-x86_64' })
  })

  it('is what an administrator says, before everything', () => {
    const detected = matrix.detect({ arch: 'x86_64', agentOs: debian12, override: 'rhel-9-x86_64' })
    expect(detected).toEqual({
      name: 'Red Hat Enterprise Linux 9',
      source: 'override',
      row: 'rhel-9-x86_64',
      plug: '+',
      unplug: '+',
      disagreement:
        'An administrator set Red Hat Enterprise Linux 9, the guest agent says Debian GNU/Linux 12 (bookworm).',
    })
  })

  it('is detected again where the chosen row does not exist', () => {
    expect(matrix.detect({ arch: 'x86_64', agentOs: debian12, override: 'rhel-99' })).toMatchObject({
      source: 'agent',
    })
  })

  it('names the edition of Windows and the sockets it uses', () => {
    expect(matrix.detect({ arch: 'x86_64', agentOs: windows11Pro })).toMatchObject({
      name: 'Windows 11 Pro',
      row: 'windows-11-pro-x86_64',
      socketsMax: 2,
    })
  })

  it('has no socket limit where the edition is not known', () => {
    const detected = matrix.detect({ arch: 'x86_64', libosinfoId: 'http://microsoft.com/win/11' })
    expect(detected).toMatchObject({ name: 'Microsoft Windows 11', row: 'windows-11-any-x86_64' })
    expect(detected.socketsMax).toBeUndefined()
  })

  it.each([
    { prettyName: 'Windows 7 Professional', machine: 'x86_64', socketsMax: 2 },
    { prettyName: 'Windows 7 Home Premium', machine: 'x86_64', socketsMax: 1 },
    { prettyName: 'Windows 7 Home Premium', machine: 'x86', socketsMax: 1 },
    { prettyName: 'Windows 7 Ultimate', machine: 'x86_64', socketsMax: 2 },
  ])('counts the sockets of $prettyName on $machine: $socketsMax', ({ socketsMax, ...told }) => {
    const agentOs = { id: 'mswindows', variantId: 'client', kernelVersion: '6.1', ...told }
    expect(matrix.detect({ arch: 'x86_64', agentOs })).toMatchObject({ socketsMax })
  })

  it('allows what the largest edition uses where a release has a limit in every edition', () => {
    expect(matrix.detect({ arch: 'x86_64', libosinfoId: 'http://microsoft.com/win/7' })).toMatchObject({
      socketsMax: 2,
    })
  })

  it('counts the sockets of the edition that the agent names also where an administrator chose the row', () => {
    const agentOs = { id: 'mswindows', variantId: 'client', kernelVersion: '6.1' }
    const override = 'seed-windows-7-starter-home-homepremium-professional-x64'
    const judged = (prettyName: string) =>
      matrix.detect({ arch: 'x86_64', agentOs: { ...agentOs, prettyName }, override }).socketsMax
    expect([judged('Windows 7 Starter'), judged('Windows 7 Professional')]).toEqual([1, 2])
    expect(matrix.detect({ arch: 'x86_64', agentOs: debian12, override }).socketsMax).toBe(2)
  })

  it('falls back to the row for other Linux systems', () => {
    const agentOs = { id: 'nixos', name: 'NixOS', versionId: '25.05', machine: 'x86_64' }
    expect(matrix.detect({ arch: 'x86_64', agentOs })).toMatchObject({
      name: 'NixOS 25.05',
      row: 'linux-other-x86_64',
    })
  })

  it('falls back to the row for unrecognised guests where a family has none', () => {
    expect(matrix.detect({ arch: 'aarch64', libosinfoId: 'http://microsoft.com/win/7' })).toMatchObject({
      row: 'other-aarch64',
      plug: '-',
      unplug: '-',
    })
  })

  it('has no row on an architecture that the matrix does not know, and nothing is verified', () => {
    const detected = matrix.detect({ arch: 'riscv64', agentOs: { ...debian12, machine: 'riscv64' } })
    expect(detected).toEqual({
      name: 'Debian GNU/Linux 12 (bookworm)',
      source: 'agent',
      plug: 'unknown',
      unplug: 'unknown',
    })
  })
})

describe('the emulated machine', () => {
  it.each([
    { arch: 'aarch64', machine: 'virt-9.2', plug: '-', unplug: '-' },
    { arch: 's390x', machine: 's390-ccw-virtio-9.2', plug: '+', unplug: '-' },
    { arch: 'x86_64', machine: 'microvm', plug: '-', unplug: '-' },
    { arch: 'x86_64', machine: 'pc-q35-9.2', plug: '+', unplug: '+' },
  ])('$arch $machine limits even what an administrator says', ({ plug, unplug, ...evidence }) => {
    expect(matrix.detect({ ...evidence, override: 'rhel-9-x86_64' })).toMatchObject({ plug, unplug })
  })
})

describe('a disagreement', () => {
  it.each([
    {
      title: 'two systems',
      agentOs: debian12,
      libosinfoId: 'http://ubuntu.com/ubuntu/24.04',
      text: "The guest agent says Debian GNU/Linux 12 (bookworm), the VM's metadata say Ubuntu 24.04 LTS.",
    },
    {
      title: 'two releases with different rows',
      agentOs: debian12,
      libosinfoId: 'http://debian.org/debian/13',
      text: "The guest agent says Debian GNU/Linux 12 (bookworm), the VM's metadata say Debian 13.",
    },
    {
      title: 'Windows and some Linux',
      agentOs: windows11Pro,
      libosinfoId: 'http://libosinfo.org/linux/2022',
      text: "The guest agent says Windows 11 Pro, the VM's metadata say Generic Linux 2022.",
    },
  ])('is told: $title', ({ text, ...evidence }) => {
    expect(matrix.detect({ arch: 'x86_64', ...evidence }).disagreement).toBe(text)
  })

  it.each([
    {
      title: 'a minor release behind with the same row',
      agentOs: { id: 'rhel', name: 'RHEL', versionId: '9.6', machine: 'x86_64' },
      libosinfoId: 'http://redhat.com/rhel/9.0',
    },
    {
      title: 'metadata that only say Linux',
      agentOs: debian12,
      libosinfoId: 'http://libosinfo.org/linux/2022',
    },
    { title: 'metadata that say nothing', agentOs: debian12, libosinfoId: 'http://libosinfo.org/unknown' },
    {
      title: 'metadata without the edition',
      agentOs: windows11Pro,
      libosinfoId: 'http://microsoft.com/win/11',
    },
    { title: 'the agent alone', agentOs: debian12 },
  ])('is none: $title', ({ title: _title, ...evidence }) => {
    expect(matrix.detect({ arch: 'x86_64', ...evidence }).disagreement).toBeUndefined()
  })

  it('is none where the administrator says what the guest says', () => {
    const detected = matrix.detect({ arch: 'x86_64', agentOs: debian12, override: 'debian-13-x86_64' })
    expect(detected.disagreement).toBeUndefined()
  })
})

describe('an edit', () => {
  const edit = {
    row: 'debian-13-x86_64',
    plug: '-',
    unplug: 'reboot-required',
    reason: 'two hosts lost their guests',
    by: 'ann',
    at: '2026-11-22T12:00:00.000Z',
  } as const

  it('holds for its row and no other', () => {
    const edited = createGuestOsMatrix([edit])
    const changed = edited.rows.filter((row, index) => row.plug !== matrix.rows[index]?.plug)
    expect(changed.map((row) => row.id)).toEqual(['debian-13-x86_64'])
    expect(edited.detect({ arch: 'x86_64', libosinfoId: 'http://debian.org/debian/13' })).toMatchObject({
      plug: '-',
      unplug: 'reboot-required',
    })
  })

  it('is overtaken by a later one of the same row', () => {
    const later = { ...edit, plug: '+', unplug: '+' } as const
    expect(createGuestOsMatrix([edit, later]).row('debian-13-x86_64')).toMatchObject({
      plug: '+',
      unplug: '+',
    })
  })

  it('of a row that does not exist changes nothing', () => {
    expect(createGuestOsMatrix([{ ...edit, row: 'gone' }]).rows).toEqual(matrix.rows)
  })

  it('cannot lift what the emulated machine forbids', () => {
    const lifted = createGuestOsMatrix([{ ...edit, row: 'debian-13-aarch64', plug: '+', unplug: '+' }])
    expect(lifted.detect({ arch: 'aarch64', libosinfoId: 'http://debian.org/debian/13' })).toMatchObject({
      plug: '-',
      unplug: '-',
    })
  })
})
