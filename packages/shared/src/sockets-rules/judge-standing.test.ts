import { describeVerdicts, type VerdictRow } from './verdict-table.fixture.ts'
import { definition, downFacts, vmFacts } from './vm-facts.fixture.ts'

const running = definition({ maximum: 8, present: 6, fixed: 4 })
const quiet = vmFacts({ live: running })
const openResize = {
  id: '9b0c1a30-0000-4000-8000-000000000001',
  by: 'ann',
  since: '2026-11-22T12:03:04.123Z',
  what: 'from 4 to 2 sockets',
}

describeVerdicts('state of the VM and its host', [
  {
    title: 'migration-in-progress by status',
    facts: vmFacts({ live: running, status: 'migrating' }),
    wish: { sockets: 7 },
    reasons: [
      {
        code: 'migration-in-progress',
        message: 'The VM is being migrated. Its sockets can be changed afterwards.',
        unlock: ['wait-for-migration'],
      },
    ],
  },
  {
    title: 'migration-in-progress by job, for the stored definition too',
    facts: vmFacts({ live: running, job: 'migration' }),
    wish: { sockets: 7 },
    mode: 'nextBoot',
    reasons: [{ code: 'migration-in-progress' }],
  },
  {
    title: 'resize-in-progress says who, what and since when',
    facts: vmFacts({ live: running, openResize }),
    wish: { sockets: 7 },
    reasons: [
      {
        code: 'resize-in-progress',
        message: 'A resize from 4 to 2 sockets is under way, asked for by ann at 2026-11-22 12:03:04 UTC.',
        unlock: ['wait-for-resize', 'replace-resize'],
      },
    ],
  },
  {
    title: 'resize-in-progress holds for the stored definition too',
    facts: vmFacts({ live: running, openResize }),
    wish: { sockets: 7 },
    mode: 'nextBoot',
    reasons: [{ code: 'resize-in-progress' }],
  },
  {
    title: 'a request that names the open resize takes it over',
    facts: vmFacts({ live: running, openResize }),
    wish: { sockets: 7 },
    mode: 'both',
    options: { replaces: openResize.id },
    reasons: [],
  },
  {
    title: 'a request that names another resize does not',
    facts: vmFacts({ live: running, openResize }),
    wish: { sockets: 7 },
    options: { replaces: '9b0c1a30-0000-4000-8000-00000000ffff' },
    reasons: [{ code: 'resize-in-progress' }],
  },
  {
    title: 'vm-status: nothing to resize live in a VM that is down',
    facts: downFacts(running),
    wish: { sockets: 4 },
    reasons: [
      {
        code: 'vm-status',
        message: 'The VM is down. The value can be set for the next boot.',
        unlock: ['use-next-boot', 'start-vm'],
      },
    ],
  },
  {
    title: 'a VM that is down takes a value for the next boot',
    facts: downFacts(running),
    wish: { sockets: 4 },
    mode: 'nextBoot',
    reasons: [],
  },
  ...(
    [
      ['paused', 'paused', ['resume-vm', 'shut-down-vm']],
      ['powering-up', 'starting', ['wait-for-vm']],
      ['powering-down', 'shutting down', ['wait-for-vm']],
      ['saving', 'being saved', ['wait-for-vm']],
      ['suspended', 'suspended', ['resume-vm', 'shut-down-vm']],
      ['crashed', 'crashed', ['start-vm', 'shut-down-vm']],
      ['unknown', 'in a state that is not known', undefined],
    ] as const
  ).flatMap(([status, words, unlock]): VerdictRow[] =>
    (['live', 'nextBoot'] as const).map((mode) => ({
      title: `vm-status: ${status}, ${mode}`,
      facts: vmFacts({ live: running, status }),
      wish: { sockets: 7 },
      mode,
      reasons: [
        {
          code: 'vm-status',
          message: `The VM is ${words}. Sockets can be changed while it is up or down.`,
          ...(unlock && { unlock }),
        },
      ],
    })),
  ),
  {
    title: 'vm-status: a job such as a snapshot',
    facts: vmFacts({ live: running, job: 'other' }),
    wish: { sockets: 7 },
    reasons: [
      {
        code: 'vm-status',
        message: 'A job such as a snapshot, a save or a dump is running on the VM. Wait for its end.',
      },
    ],
  },
  {
    title: 'vm-status: running, but its vCPUs have not been read',
    facts: { ...downFacts(running), status: 'up' },
    wish: { sockets: 4 },
    reasons: [{ code: 'vm-status', message: "The running machine's vCPUs have not been read yet." }],
  },
  {
    title: 'not-persistent: a transient VM has no next boot',
    facts: (() => {
      const { config: _none, ...transient } = vmFacts({ live: running })
      return transient
    })(),
    wish: { sockets: 4 },
    mode: 'nextBoot',
    reasons: [
      {
        code: 'not-persistent',
        message: 'The VM is transient: it has no stored definition and no next boot.',
        unlock: ['use-live'],
      },
    ],
  },
  {
    title: 'host-offline',
    facts: vmFacts({ live: running, host: { ...quiet.host, online: false } }),
    wish: { sockets: 4 },
    reasons: [{ code: 'host-offline', message: 'Host lab is not connected.', unlock: ['reconnect-host'] }],
  },
  {
    title: 'host-offline holds for the next boot too',
    facts: downFacts(running, { host: { ...quiet.host, online: false } }),
    wish: { sockets: 4 },
    mode: 'nextBoot',
    reasons: [{ code: 'host-offline' }],
  },
])
