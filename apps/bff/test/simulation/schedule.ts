import type { GuestBehaviour, HostSpec, VmSpec } from '@coreshift/demo-host'
import type { PowerAction } from '@coreshift/shared/contract'
import type { ResizeMode } from '@coreshift/shared'
import { SeededChance } from '../../src/resize/engine/testing/seeded-chance.ts'
import { CRASH_POINTS, type CrashPoint } from './crash-points.ts'
import type { PolicyName } from './policies.ts'
import { themeOf } from './themed-steps.ts'

/** Faults that a step sets up; those of guests come from how they behave. */
export type FaultDeed =
  | 'event-before-reply'
  | 'reply-lost'
  | 'reply-late'
  | 'event-lost'
  | 'event-late'
  | 'event-duplicate'
  | 'event-foreign'
  | 'cut-before-acceptance'
  | 'cut-after-acceptance'
  | 'cut-in-packet'
  | 'half-open'
  | 'keepalive-lost'
  | 'stall'
  | 'drip'
  | 'malformed'
  | 'daemon-restart'
  | 'host-reboot'
  | 'guest-crash'
  | 'guest-reboot'
  | 'agent-hangs'
  | 'destroy'
  | 'undefine'
  | 'rename'
  | 'xml-changed'
  | 'outside-resize'
  | 'outside-swap'
  | 'libvirt-refuses'
  | 'migration-away'
  | 'migration-unmanaged'
  | 'replica-pause'
  | 'disk-full'
  | 'database-busy'
  | 'clock-jump'

/** What somebody does, or what befalls somebody. Numbers from 0 to 1 are shares of whatever is there then. */
export type Deed =
  | {
      readonly do: 'resize'
      readonly vm: number
      readonly share: number
      readonly mode: ResizeMode
      readonly policy: PolicyName
      readonly replaces: boolean
      /** The session of who asks ends before the answer. */
      readonly revoked: boolean
    }
  | {
      readonly do: 'remove'
      readonly vm: number
      readonly units: number
      readonly share: number
      readonly policy: PolicyName
      readonly replaces: boolean
    }
  | { readonly do: 'retry' | 'abandon'; readonly vm: number }
  | { readonly do: 'power'; readonly vm: number; readonly action: PowerAction }
  | { readonly do: 'behave'; readonly vm: number; readonly behaviour: GuestBehaviour }
  | {
      readonly do: 'fault'
      readonly fault: FaultDeed
      readonly vm: number
      readonly host: number
      readonly share: number
    }
  | { readonly do: 'crash'; readonly point: CrashPoint; readonly nth: number; readonly downMs: number }

/** A deed at its time, ms from the start. */
export interface Step {
  readonly at: number
  readonly deed: Deed
}

/** Everything that a simulation is made of: the same schedule gives the same history. */
export interface Schedule {
  readonly seed: number
  readonly story: readonly HostSpec[]
  /** Hosts of the story that the server manages; the others are only there to migrate to. */
  readonly managed: number
  readonly store: 'memory' | 'sqlite'
  /** Longest time that a packet travels, ms; 0 = everything at once. */
  readonly latencyMs: number
  readonly steps: readonly Step[]
  /** When the trouble is over, ms. */
  readonly troubleMs: number
}

/** One seed in so many has people and guests only: there, time limits of what is told are checked to the second. */
const UNDISTURBED_EVERY = 5
/** Deeds of people and guests, as a share of all: see `deedOf`. */
const PEOPLE_AND_GUESTS = 0.53

/** One seed in so many runs on the real store. */
const SQLITE_EVERY = 50

const BEHAVIOURS: readonly [GuestBehaviour, ...GuestBehaviour[]] = [
  'prompt',
  'prompt',
  'prompt',
  'slow',
  'refuses',
  'never-answers',
  'drops-completion',
  'completes-late',
  'leaves-added-offline',
  'crashes',
  'reboots',
]

/** What strikes only where something is going on stands here twice. */
const FAULT_DEEDS: readonly [FaultDeed, ...FaultDeed[]] = [
  'event-before-reply',
  'event-before-reply',
  'reply-lost',
  'reply-lost',
  'reply-late',
  'event-lost',
  'event-lost',
  'event-late',
  'event-late',
  'event-duplicate',
  'event-duplicate',
  'event-foreign',
  'cut-before-acceptance',
  'cut-after-acceptance',
  'cut-after-acceptance',
  'cut-in-packet',
  'half-open',
  'keepalive-lost',
  'stall',
  'drip',
  'malformed',
  'daemon-restart',
  'host-reboot',
  'guest-crash',
  'guest-reboot',
  'agent-hangs',
  'destroy',
  'undefine',
  'rename',
  'xml-changed',
  'outside-resize',
  'outside-swap',
  'outside-swap',
  'libvirt-refuses',
  'libvirt-refuses',
  'migration-away',
  'migration-away',
  'migration-unmanaged',
  'replica-pause',
  'disk-full',
  'database-busy',
  'clock-jump',
]

const POLICIES: readonly [PolicyName, ...PolicyName[]] = [
  'quick',
  'quick',
  'stubborn',
  'strict-quick',
  'strict-twice',
  'fails-soon',
  'patient',
  'interactive',
  'gentle',
]

/** Makes the schedule of a seed. */
export function scheduleOf(seed: number): Schedule {
  const chance = new SeededChance(seed)
  const story = storyOf(chance)
  const vms = story.reduce((sum, { vms: here }) => sum + here.length, 0)
  const hosts = story.length
  const theme = themeOf(seed, chance)
  const troubleMs = theme?.troubleMs ?? chance.between(4_000, 25_000)
  const steps = Array.from({ length: theme ? 2 : chance.between(4, 10) }, () => ({
    at: chance.between(600, troubleMs),
    deed: deedOf(chance, vms, hosts, seed % UNDISTURBED_EVERY === 3 ? PEOPLE_AND_GUESTS : 1),
  }))
  // Without a resize there is little to break.
  steps.push(
    ...(theme?.steps ?? [
      { at: chance.between(600, 2_000), deed: resizeOf(chance, chance.between(0, vms - 1)) },
    ]),
  )
  return {
    seed,
    story,
    managed: hosts === 1 ? 1 : 2,
    store: seed % SQLITE_EVERY === 7 ? 'sqlite' : 'memory',
    latencyMs: chance.happens(0.4) ? 0 : chance.between(1, 40),
    steps: steps.sort((a, b) => a.at - b.at),
    troubleMs,
  }
}

function storyOf(chance: SeededChance): HostSpec[] {
  const hosts = chance.happens(0.3) ? 3 : 1
  const ppc = chance.happens(0.3)
  const version = chance.happens(0.8) ? ('12.8.0' as const) : ('11.3.0' as const)
  const hardware = ppc ? { hardware: { arch: 'ppc64le', threadsPerCore: 4 } } : {}
  const vms = Array.from({ length: chance.between(1, 2) }, (_, index) => vmOf(chance, `vm-${index}`, ppc))
  const story: HostSpec[] = [{ name: 'lab', version, ...hardware, vms }]
  if (hosts > 1) {
    const more = chance.happens(0.3) ? [vmOf(chance, 'vm-9', ppc)] : []
    story.push({ name: 'other', version, ...hardware, vms: more })
    story.push({ name: 'elsewhere', version, ...hardware, vms: [] })
  }
  return story
}

function vmOf(chance: SeededChance, name: string, ppc: boolean): VmSpec {
  const threads = ppc ? chance.pick([2, 4]) : chance.pick([1, 1, 1, 2])
  const maxSockets = chance.between(3, threads > 2 ? 4 : 6)
  return {
    name,
    os: ppc ? 'rhel-9-ppc64le' : 'debian-12',
    ...(ppc && { arch: 'ppc64le' }),
    sockets: chance.between(1, maxSockets),
    maxSockets,
    threads,
    agent: chance.happens(0.15) ? 'present' : 'absent',
    behaviour: chance.pick(BEHAVIOURS),
    memoryGib: 2,
  }
}

function resizeOf(chance: SeededChance, vm: number): Deed {
  return {
    do: 'resize',
    vm,
    share: chance.next(),
    mode: chance.pick(['live', 'live', 'live', 'both', 'both', 'nextBoot']),
    policy: chance.pick(POLICIES),
    replaces: chance.happens(0.4),
    revoked: chance.happens(0.1),
  }
}

function deedOf(chance: SeededChance, vms: number, hosts: number, share: number): Deed {
  const vm = chance.between(0, vms - 1)
  const host = chance.between(0, Math.min(hosts, 2) - 1)
  const kind = chance.next() * share
  if (kind < 0.24) return resizeOf(chance, vm)
  if (kind < 0.32) {
    return {
      do: 'remove',
      vm,
      units: chance.between(1, 2),
      share: chance.next(),
      policy: chance.pick(POLICIES),
      replaces: chance.happens(0.4),
    }
  }
  if (kind < 0.38) return { do: chance.pick(['retry', 'abandon']), vm }
  if (kind < 0.43) {
    const action = chance.pick<PowerAction>([
      'start',
      'start',
      'shutdown',
      'reboot',
      'reset',
      'destroy',
      'suspend',
      'resume',
    ])
    return { do: 'power', vm, action }
  }
  if (kind < PEOPLE_AND_GUESTS) return { do: 'behave', vm, behaviour: chance.pick(BEHAVIOURS) }
  if (kind < 0.65) {
    return {
      do: 'crash',
      point: chance.pick(CRASH_POINTS),
      nth: chance.between(1, 3),
      downMs: chance.between(200, 6_000),
    }
  }
  return { do: 'fault', fault: chance.pick(FAULT_DEEDS), vm, host, share: chance.next() }
}
