import { describeVerdicts } from './verdict-table.fixture.ts'
import { definition, downFacts, vmFacts } from './vm-facts.fixture.ts'

const running = definition({ maximum: 8, present: 6, fixed: 4 })
const quiet = vmFacts({ live: running })
const { guest } = quiet
const { settings } = quiet

describeVerdicts('limits of size', [
  { title: 'a larger value is allowed', facts: quiet, wish: { sockets: 8 }, reasons: [] },
  { title: 'a smaller value is allowed', facts: quiet, wish: { sockets: 4 }, reasons: [] },
  { title: 'the present value is allowed', facts: quiet, wish: { sockets: 6 }, reasons: [] },
  {
    title: 'below-minimum: zero sockets',
    facts: quiet,
    wish: { sockets: 0 },
    reasons: [{ code: 'below-minimum', message: 'A VM keeps at least 1 socket.' }],
  },
  {
    title: 'below-minimum: zero sockets at the next boot',
    facts: quiet,
    wish: { sockets: 0 },
    mode: 'nextBoot',
    reasons: [{ code: 'below-minimum' }],
  },
  {
    title: 'above-maximum: more than the running definition',
    facts: quiet,
    wish: { sockets: 9 },
    reasons: [
      {
        code: 'above-maximum',
        message: 'The running VM can have at most 8 sockets (8 vCPUs).',
        unlock: ['prepare-for-live-resize'],
      },
    ],
  },
  {
    title: 'above-maximum: points to the next boot where the stored maximum is higher',
    facts: vmFacts({ live: running, config: definition({ maximum: 16, present: 6 }) }),
    wish: { sockets: 12 },
    reasons: [{ code: 'above-maximum', unlock: ['use-next-boot', 'prepare-for-live-resize'] }],
  },
  {
    title: 'above-maximum: more than the stored definition',
    facts: quiet,
    wish: { sockets: 9 },
    mode: 'nextBoot',
    reasons: [
      {
        code: 'above-maximum',
        message: 'The stored definition has room for 8 sockets (8 vCPUs).',
        unlock: ['prepare-for-live-resize'],
      },
    ],
  },
  {
    title: 'a VM that is down gets the room with the sockets',
    facts: downFacts(running),
    wish: { sockets: 9 },
    mode: 'nextBoot',
    reasons: [],
  },
  {
    title: 'host-maximum: a VM that is down gets no more room than its machine type takes',
    facts: downFacts(running, { host: { ...quiet.host, machineMaximum: 8 } }),
    wish: { sockets: 9 },
    mode: 'nextBoot',
    reasons: [{ code: 'host-maximum' }],
  },
  {
    title: 'above-maximum: a guest edition that counts sockets',
    facts: vmFacts({
      live: definition({ maximum: 8, present: 2 }),
      guest: { ...guest, name: 'Windows 11 Pro', socketsMax: 2 },
    }),
    wish: { sockets: 3 },
    reasons: [
      {
        code: 'above-maximum',
        message: 'Windows 11 Pro uses at most 2 sockets.',
        unlock: ['set-guest-os'],
      },
    ],
  },
  {
    title: 'an edition limit holds at the next boot too',
    facts: downFacts(definition({ maximum: 8, present: 2 }), { guest: { ...guest, socketsMax: 2 } }),
    wish: { sockets: 3 },
    mode: 'nextBoot',
    reasons: [{ code: 'above-maximum' }],
  },
  {
    title: 'a VM above its edition limit may shrink towards it',
    facts: vmFacts({ live: definition({ maximum: 8, present: 6 }), guest: { ...guest, socketsMax: 2 } }),
    wish: { sockets: 4 },
    reasons: [],
  },
  {
    title: 'host-maximum: the machine type',
    facts: vmFacts({ live: running, host: { ...quiet.host, machineMaximum: 7 } }),
    wish: { sockets: 8 },
    reasons: [{ code: 'host-maximum', message: 'Machine type pc-q35-9.2 takes at most 7 vCPUs.' }],
  },
  {
    title: 'host-maximum: host CPUs where the setting enforces them',
    facts: vmFacts({
      live: running,
      host: { ...quiet.host, cpus: 7 },
      settings: { ...settings, hostCpuLimit: 'enforce' },
    }),
    wish: { sockets: 8 },
    reasons: [{ code: 'host-maximum', message: 'The host has 7 CPUs.' }],
  },
  {
    title: 'host-maximum holds at the next boot too',
    facts: downFacts(definition({ maximum: 8, present: 2 }), {
      host: { ...quiet.host, cpus: 1, machineMaximum: 4 },
      settings: { ...settings, hostCpuLimit: 'enforce' },
    }),
    wish: { sockets: 8 },
    mode: 'nextBoot',
    reasons: [{ code: 'host-maximum' }, { code: 'host-maximum', message: 'The host has 1 CPU.' }],
  },
  {
    title: 'host CPUs are no reason where the setting is to warn',
    facts: vmFacts({ live: running, host: { ...quiet.host, cpus: 2 } }),
    wish: { sockets: 8 },
    reasons: [],
  },
  {
    title: 'host CPUs are no reason against shrinking',
    facts: vmFacts({
      live: running,
      host: { ...quiet.host, cpus: 2 },
      settings: { ...settings, hostCpuLimit: 'enforce' },
    }),
    wish: { sockets: 5 },
    reasons: [],
  },
])
