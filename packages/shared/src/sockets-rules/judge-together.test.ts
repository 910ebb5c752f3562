import { describeVerdicts } from './verdict-table.fixture.ts'
import { definition, vmFacts } from './vm-facts.fixture.ts'

const running = definition({ maximum: 8, present: 6, fixed: 4 })
const quiet = vmFacts({ live: running })
const openResize = {
  id: '9b0c1a30-0000-4000-8000-000000000001',
  by: 'ann',
  since: '2026-11-22T12:03:04.123Z',
  what: 'from 4 to 2 sockets',
}
const { guest } = quiet
const { settings } = quiet

describeVerdicts('several reasons together', [
  {
    title: 'every reason against a smaller value at once',
    facts: vmFacts({
      live: definition({ maximum: 8, present: 6, fixed: 3, pinned: [4] }),
      host: { ...quiet.host, online: false },
      job: 'migration',
      openResize,
      guest: { ...guest, unplug: '-' },
      settings: { ...settings, unplugDisabledBy: 'host' },
    }),
    wish: { sockets: 1 },
    reasons: [
      { code: 'host-offline' },
      { code: 'migration-in-progress' },
      { code: 'resize-in-progress' },
      { code: 'unplug-disabled' },
      { code: 'guest-os-no-unplug' },
      { code: 'vcpu-not-hotpluggable' },
      { code: 'vcpu-pinned' },
    ],
  },
  {
    title: 'every reason against a larger value at once',
    facts: vmFacts({
      live: running,
      status: 'paused',
      job: 'other',
      guest: { name: 'Windows 10 Home', plug: 'unknown', unplug: '-', socketsMax: 1 },
      host: { ...quiet.host, cpus: 4, machineMaximum: 8 },
      settings: { ...settings, hostCpuLimit: 'enforce' },
    }),
    wish: { sockets: 9 },
    reasons: [
      { code: 'vm-status' },
      { code: 'vm-status' },
      { code: 'unverified-guest-os' },
      { code: 'above-maximum' },
      { code: 'host-maximum' },
      { code: 'host-maximum' },
      { code: 'above-maximum' },
    ],
  },
  {
    title: 'every reason against chosen vCPUs at once',
    facts: vmFacts({
      live: definition({ maximum: 16, present: 8, fixed: 3, pinned: [6], topology: { cores: 2 } }),
      guest: { ...guest, unplug: 'unknown' },
    }),
    wish: { removeVcpus: [0, 2, 6, 12] },
    reasons: [
      { code: 'unverified-guest-os' },
      { code: 'vcpu-not-hotpluggable', vcpus: [12] },
      { code: 'vcpu-not-hotpluggable', vcpus: [0] },
      { code: 'vcpu-not-hotpluggable', vcpus: [2] },
      { code: 'not-a-whole-socket', vcpus: [1, 3, 7] },
      { code: 'vcpu-pinned', vcpus: [6] },
    ],
  },
  {
    title: 'something to acknowledge beside a refusal leaves it refused, with nothing to acknowledge',
    facts: vmFacts({ live: running, guest: { ...guest, unplug: 'unknown' } }),
    wish: { sockets: 1 },
    options: { acknowledged: ['unverified-guest-os'] },
    allowed: false,
    reasons: [{ code: 'unverified-guest-os' }, { code: 'vcpu-not-hotpluggable' }],
  },
  {
    title: 'both: a reason against either half stands',
    facts: vmFacts({
      live: definition({ maximum: 8, present: 6, fixed: 4 }),
      config: definition({ maximum: 4, present: 4 }),
    }),
    wish: { sockets: 7 },
    mode: 'both',
    reasons: [{ code: 'above-maximum', message: 'The stored definition has room for 4 sockets (4 vCPUs).' }],
  },
  {
    title: 'both: a reason that holds twice is said once',
    facts: vmFacts({ live: running, host: { ...quiet.host, online: false } }),
    wish: { sockets: 7 },
    mode: 'both',
    reasons: [{ code: 'host-offline' }],
  },
])
