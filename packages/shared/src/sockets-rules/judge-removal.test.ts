import { describeVerdicts } from './verdict-table.fixture.ts'
import { definition, downFacts, vmFacts } from './vm-facts.fixture.ts'

const running = definition({ maximum: 8, present: 6, fixed: 4 })
const quiet = vmFacts({ live: running })
const power = vmFacts({
  arch: 'ppc64le',
  live: definition({ maximum: 32, present: 8, fixed: 4, topology: { sockets: 16, threads: 2 } }),
})
const twoCores = definition({ maximum: 16, present: 8, fixed: 4, topology: { cores: 2 } })
const { settings } = quiet
const { guest } = quiet

describeVerdicts('what may be removed', [
  {
    title: 'not-a-whole-socket: half a Power core by chosen vCPU',
    facts: power,
    wish: { removeVcpus: [5] },
    reasons: [
      {
        code: 'not-a-whole-socket',
        message: 'Sockets are removed whole: vCPU 4 belongs to a chosen socket and was not chosen.',
        vcpus: [4],
      },
    ],
  },
  {
    title: 'not-a-whole-socket: half a socket by chosen vCPU',
    facts: vmFacts({ live: twoCores }),
    wish: { removeVcpus: [5, 6] },
    reasons: [
      {
        code: 'not-a-whole-socket',
        message: 'Sockets are removed whole: vCPU 4, 7 belong to a chosen socket and were not chosen.',
        vcpus: [4, 7],
      },
    ],
  },
  {
    title: 'not-a-whole-socket: a value that would split what moves together',
    facts: {
      ...vmFacts({ live: definition({ maximum: 16, present: 8, fixed: 4, topology: { threads: 2 } }) }),
      unitSize: 4,
    },
    wish: { sockets: 5 },
    reasons: [
      {
        code: 'not-a-whole-socket',
        message:
          'The vCPUs of this machine come and go 4 at a time, and this value would split such a group.',
      },
    ],
  },
  {
    title: 'a live count that is no whole number of sockets can be made whole, upwards',
    facts: vmFacts({ live: definition({ maximum: 8, present: 3, topology: { cores: 2 } }) }),
    wish: { sockets: 2 },
    reasons: [],
  },
  {
    title: 'a live count that is no whole number of sockets can be made whole, downwards',
    facts: vmFacts({ live: definition({ maximum: 8, present: 3, topology: { cores: 2 } }) }),
    wish: { sockets: 1 },
    reasons: [],
  },
  {
    title: 'guest-os-no-unplug holds for chosen vCPUs too',
    facts: vmFacts({ live: running, guest: { ...guest, unplug: '-' } }),
    wish: { removeVcpus: [5] },
    reasons: [{ code: 'guest-os-no-unplug' }],
  },
  {
    title: 'unplug-disabled everywhere',
    facts: vmFacts({ live: running, settings: { ...settings, unplugDisabledBy: 'global' } }),
    wish: { sockets: 5 },
    reasons: [
      {
        code: 'unplug-disabled',
        message: 'An administrator switched live removal off for all VMs.',
        unlock: ['enable-unplug', 'use-next-boot'],
      },
    ],
  },
  {
    title: 'unplug-disabled for a host',
    facts: vmFacts({ live: running, settings: { ...settings, unplugDisabledBy: 'host' } }),
    wish: { removeVcpus: [5] },
    reasons: [
      {
        code: 'unplug-disabled',
        message: 'An administrator switched live removal off on host lab.',
      },
    ],
  },
  {
    title: 'unplug-disabled for a VM',
    facts: vmFacts({ live: running, settings: { ...settings, unplugDisabledBy: 'vm' } }),
    wish: { sockets: 5 },
    reasons: [
      { code: 'unplug-disabled', message: 'An administrator switched live removal off for this VM.' },
    ],
  },
  {
    title: 'unplug-disabled does not matter for more',
    facts: vmFacts({ live: running, settings: { ...settings, unplugDisabledBy: 'vm' } }),
    wish: { sockets: 7 },
    reasons: [],
  },
  {
    title: 'vcpu-not-hotpluggable: vCPUs that were present at boot',
    facts: power,
    wish: { sockets: 1 },
    reasons: [
      {
        code: 'vcpu-not-hotpluggable',
        message: 'vCPU 2-3 were present at boot and cannot be removed.',
        unlock: ['prepare-for-live-resize', 'use-next-boot'],
        vcpus: [2, 3],
      },
    ],
  },
  {
    title: 'vcpu-not-hotpluggable: a single one',
    facts: vmFacts({ live: definition({ maximum: 8, present: 3, fixed: 2 }) }),
    wish: { sockets: 1 },
    reasons: [
      { code: 'vcpu-not-hotpluggable', message: 'vCPU 1 was present at boot and cannot be removed.' },
    ],
  },
  {
    title: 'vcpu-not-hotpluggable: chosen vCPUs',
    facts: power,
    wish: { removeVcpus: [2, 3] },
    reasons: [{ code: 'vcpu-not-hotpluggable', vcpus: [2, 3] }],
  },
  {
    title: 'vcpu-not-hotpluggable: vCPU 0 is always present',
    facts: vmFacts({ live: definition({ maximum: 8, present: 3 }) }),
    wish: { removeVcpus: [0] },
    reasons: [
      {
        code: 'vcpu-not-hotpluggable',
        message: 'vCPU 0 is always present and cannot be removed.',
        vcpus: [0],
      },
    ],
  },
  {
    title: 'vcpu-not-hotpluggable: a chosen vCPU that is not there',
    facts: quiet,
    wish: { removeVcpus: [6, 7] },
    reasons: [
      {
        code: 'vcpu-not-hotpluggable',
        message: 'vCPU 6-7 are not present, so there is nothing to remove.',
        vcpus: [6, 7],
      },
    ],
  },
  {
    title: 'the only vCPU cannot be chosen',
    facts: vmFacts({ live: definition({ maximum: 8, present: 1 }) }),
    wish: { removeVcpus: [0] },
    reasons: [{ code: 'vcpu-not-hotpluggable' }, { code: 'below-minimum' }],
  },
  {
    title: 'vcpu-pinned: first three of four pinned, two removed',
    facts: vmFacts({ live: definition({ maximum: 8, present: 4, pinned: [0, 1, 2] }) }),
    wish: { sockets: 2 },
    reasons: [
      {
        code: 'vcpu-pinned',
        message: 'vCPU 2 is pinned to host CPUs, and pinned vCPUs are not removed.',
        unlock: ['remove-pinning', 'use-next-boot'],
        vcpus: [2],
      },
    ],
  },
  {
    title: 'first three of four pinned, one removed: allowed',
    facts: vmFacts({ live: definition({ maximum: 8, present: 4, pinned: [0, 1, 2] }) }),
    wish: { sockets: 3 },
    reasons: [],
  },
  {
    title: 'a pinned slot may be filled',
    facts: vmFacts({ live: definition({ maximum: 8, present: 2, pinned: [2, 3] }) }),
    wish: { sockets: 4 },
    reasons: [],
  },
  {
    title: 'vcpu-pinned: the pinned slots that were filled stay filled',
    facts: vmFacts({ live: definition({ maximum: 8, present: 4, pinned: [2, 3] }) }),
    wish: { sockets: 2 },
    reasons: [
      {
        code: 'vcpu-pinned',
        message: 'vCPU 2-3 are pinned to host CPUs, and pinned vCPUs are not removed.',
        vcpus: [2, 3],
      },
    ],
  },
  {
    title: 'vcpu-pinned: chosen vCPUs',
    facts: vmFacts({ live: definition({ maximum: 8, present: 4, pinned: [3] }) }),
    wish: { removeVcpus: [3] },
    reasons: [{ code: 'vcpu-pinned', vcpus: [3] }],
  },
  {
    title: 'pinned vCPUs go where the setting allows it',
    facts: vmFacts({
      live: definition({ maximum: 8, present: 4, pinned: [2, 3] }),
      settings: { ...settings, pinnedRemovalAllowed: true },
    }),
    wish: { sockets: 2 },
    reasons: [],
  },
  {
    title: 'chosen pinned vCPUs go where the setting allows it',
    facts: vmFacts({
      live: definition({ maximum: 8, present: 4, pinned: [2, 3] }),
      settings: { ...settings, pinnedRemovalAllowed: true },
    }),
    wish: { removeVcpus: [3] },
    reasons: [],
  },
  {
    title: 'pinning does not matter for the next boot',
    facts: vmFacts({ live: definition({ maximum: 8, present: 4, pinned: [2, 3] }) }),
    wish: { sockets: 2 },
    mode: 'nextBoot',
    reasons: [],
  },
  {
    title: 'chosen vCPUs at the next boot: whole sockets of the stored definition',
    facts: vmFacts({ live: twoCores }),
    wish: { removeVcpus: [6, 7] },
    mode: 'both',
    reasons: [],
  },
  {
    title: 'chosen vCPUs at the next boot: half a socket',
    facts: downFacts(twoCores),
    wish: { removeVcpus: [7] },
    mode: 'nextBoot',
    reasons: [{ code: 'not-a-whole-socket', vcpus: [6] }],
  },
  {
    title: 'chosen vCPUs at the next boot: the highest fixed ones may go',
    facts: downFacts(definition({ maximum: 8, present: 4, fixed: 4 })),
    wish: { removeVcpus: [3] },
    mode: 'nextBoot',
    reasons: [],
  },
  {
    title: 'chosen vCPUs at the next boot: no hole among the fixed ones',
    facts: downFacts(definition({ maximum: 8, present: 4, fixed: 4 })),
    wish: { removeVcpus: [1] },
    mode: 'nextBoot',
    reasons: [
      {
        code: 'vcpu-not-hotpluggable',
        message:
          'vCPU 1 cannot be left out of the next boot while vCPU 3 is fixed: fixed vCPUs have to be the lowest.',
        unlock: ['prepare-for-live-resize'],
        vcpus: [1],
      },
    ],
  },
  {
    title: 'chosen vCPUs at the next boot: not vCPU 0, not an absent one, and not all',
    facts: downFacts(definition({ maximum: 8, present: 1 })),
    wish: { removeVcpus: [0, 5] },
    mode: 'nextBoot',
    reasons: [
      { code: 'vcpu-not-hotpluggable', vcpus: [5] },
      { code: 'vcpu-not-hotpluggable', vcpus: [0] },
      { code: 'below-minimum' },
    ],
  },
  {
    title: 'the next boot of a transient VM cannot lose chosen vCPUs',
    facts: (() => {
      const { config: _none, ...transient } = vmFacts({ live: running })
      return transient
    })(),
    wish: { removeVcpus: [5] },
    mode: 'nextBoot',
    reasons: [{ code: 'not-persistent' }],
  },
  {
    title: 'chosen vCPUs of a VM that is down cannot be removed live',
    facts: downFacts(running),
    wish: { removeVcpus: [5] },
    reasons: [{ code: 'vm-status' }],
  },
])
