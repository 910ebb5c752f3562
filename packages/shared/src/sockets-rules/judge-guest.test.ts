import { describeVerdicts } from './verdict-table.fixture.ts'
import { definition, vmFacts } from './vm-facts.fixture.ts'

const running = definition({ maximum: 8, present: 6, fixed: 4 })
const quiet = vmFacts({ live: running })
const { guest } = quiet

describeVerdicts('guest system and architecture', [
  {
    title: 'guest-os-no-plug',
    facts: vmFacts({ live: running, guest: { ...guest, name: 'Windows 7 (x86)', plug: '-' } }),
    wish: { sockets: 8 },
    reasons: [
      {
        code: 'guest-os-no-plug',
        message: 'Windows 7 (x86) does not take more vCPUs while it runs.',
        unlock: ['use-next-boot', 'set-guest-os'],
      },
    ],
  },
  {
    title: 'guest-os-no-plug does not matter for a removal',
    facts: vmFacts({ live: running, guest: { ...guest, plug: '-' } }),
    wish: { sockets: 5 },
    reasons: [],
  },
  {
    title: 'guest-os-no-unplug',
    facts: vmFacts({ live: running, guest: { ...guest, name: 'Windows Server 2022', unplug: '-' } }),
    wish: { sockets: 5 },
    reasons: [
      {
        code: 'guest-os-no-unplug',
        message: 'Windows Server 2022 does not give vCPUs back while it runs.',
        unlock: ['use-next-boot', 'set-guest-os'],
      },
    ],
  },
  {
    title: 'guest-os-no-unplug does not matter for the next boot',
    facts: vmFacts({ live: running, guest: { ...guest, plug: '-', unplug: '-' } }),
    wish: { sockets: 2 },
    mode: 'nextBoot',
    reasons: [],
  },
  {
    title: 'reboot-required for more',
    facts: vmFacts({ live: running, guest: { ...guest, plug: 'reboot-required' } }),
    wish: { sockets: 7 },
    reasons: [
      {
        code: 'reboot-required',
        message: 'RHEL 9.4 has to be restarted before it can take more vCPUs.',
        unlock: ['use-next-boot', 'set-guest-os'],
      },
    ],
  },
  {
    title: 'reboot-required for fewer',
    facts: vmFacts({ live: running, guest: { ...guest, unplug: 'reboot-required' } }),
    wish: { sockets: 5 },
    reasons: [{ code: 'reboot-required' }],
  },
  {
    title: 'unverified-guest-os: allowed, and has to be acknowledged',
    facts: vmFacts({ live: running, guest: { ...guest, name: 'Debian 13', unplug: 'unknown' } }),
    wish: { sockets: 5 },
    allowed: true,
    acknowledge: ['unverified-guest-os'],
    reasons: [
      {
        code: 'unverified-guest-os',
        message: 'Nobody has verified that Debian 13 can give vCPUs back while it runs.',
        unlock: ['acknowledge-untested-guest', 'set-guest-os', 'use-next-boot'],
      },
    ],
  },
  {
    title: 'unverified-guest-os: once acknowledged nothing is left to acknowledge',
    facts: vmFacts({ live: running, guest: { ...guest, plug: 'unknown' } }),
    wish: { sockets: 7 },
    options: { acknowledged: ['unverified-guest-os'] },
    allowed: true,
    reasons: [{ code: 'unverified-guest-os' }],
  },
  {
    title: 'unverified-guest-os: a guest of unknown system reads as a sentence',
    facts: vmFacts({ live: running, guest: { name: 'unknown', plug: 'unknown', unplug: 'unknown' } }),
    wish: { sockets: 7 },
    allowed: true,
    acknowledge: ['unverified-guest-os'],
    reasons: [
      {
        code: 'unverified-guest-os',
        message:
          'Nobody has verified that this guest, whose system is not known, can take more vCPUs while it runs.',
      },
    ],
  },
  {
    title: 'arch-blocked: no plug on aarch64, and the guest adds nothing to it',
    facts: vmFacts({
      arch: 'aarch64',
      machine: 'virt-9.2',
      live: running,
      guest: { ...guest, plug: '-' },
    }),
    wish: { sockets: 7 },
    reasons: [
      {
        code: 'arch-blocked',
        message: 'QEMU adds no vCPUs to a running aarch64 machine of type virt-9.2.',
        unlock: ['use-next-boot'],
      },
    ],
  },
  {
    title: 'arch-blocked: no unplug on aarch64',
    facts: vmFacts({ arch: 'aarch64', machine: 'virt-9.2', live: running }),
    wish: { sockets: 5 },
    reasons: [{ code: 'arch-blocked' }],
  },
  {
    title: 'arch-blocked: no unplug on s390x',
    facts: vmFacts({ arch: 's390x', machine: 's390-ccw-virtio-9.2', live: running }),
    wish: { sockets: 5 },
    reasons: [
      {
        code: 'arch-blocked',
        message: 'QEMU removes no vCPUs from a running s390x machine of type s390-ccw-virtio-9.2.',
      },
    ],
  },
  {
    title: 'plug is allowed on s390x',
    facts: vmFacts({ arch: 's390x', machine: 's390-ccw-virtio-9.2', live: running }),
    wish: { sockets: 7 },
    reasons: [],
  },
  {
    title: 'arch-blocked: a machine type without hot-plug on an architecture that has it',
    facts: vmFacts({ machine: 'microvm', live: running }),
    wish: { sockets: 7 },
    reasons: [{ code: 'arch-blocked' }],
  },
  {
    title: 'arch-blocked does not matter for the next boot',
    facts: vmFacts({ arch: 'aarch64', machine: 'virt-9.2', live: running }),
    wish: { sockets: 2 },
    mode: 'nextBoot',
    reasons: [],
  },
])
