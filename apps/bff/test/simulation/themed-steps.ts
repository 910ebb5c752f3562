import type { SeededChance } from '../../src/resize/engine/testing/seeded-chance.ts'
import type { PolicyName } from './policies.ts'
import type { Step } from './schedule.ts'

/** Steps that belong together, and the time that they need, ms. */
interface Theme {
  readonly steps: readonly Step[]
  readonly troubleMs: number
}

/** Seeds from one life with a theme to the next one with the same. */
const EVERY = 20
const STRICT_AT = 4
const ANSWER_LOST_AT = 9
const REFUSED_AT = 14
const ADDED_AGAIN_AT = 19
const DRAIN_KILLED_AT = 12
const READ_AT_DEADLINE_AT = 6

/** Three seeds in ten have one of six stories that chance alone tells too rarely. */
export function themeOf(seed: number, chance: SeededChance): Theme | undefined {
  if (seed % EVERY === STRICT_AT) return putBackUnderPressure(chance)
  if (seed % EVERY === ANSWER_LOST_AT) return definitionAnswerLost(chance)
  if (seed % EVERY === REFUSED_AT) return refusedAndRemovedByOthers(chance)
  if (seed % EVERY === ADDED_AGAIN_AT) return addedAgainByOthers(chance)
  if (seed % EVERY === DRAIN_KILLED_AT) return killedWhileDraining(chance)
  if (seed % EVERY === READ_AT_DEADLINE_AT) return readAcrossDeadline(chance)
  return undefined
}

function resizeToOne(policy: PolicyName, at: number): Step {
  return {
    at,
    deed: { do: 'resize', vm: 0, share: 0.05, mode: 'live', policy, replaces: false, revoked: false },
  }
}

/** A strict resize runs out of its window, libvirt refuses to add back, and meanwhile more goes. */
function putBackUnderPressure(chance: SeededChance): Theme {
  const steps: Step[] = [
    { at: 700, deed: { do: 'behave', vm: 0, behaviour: chance.pick(['slow', 'prompt']) } },
    resizeToOne('strict-quick', 1_000),
    {
      at: chance.between(1_000, 1_400),
      deed: { do: 'behave', vm: 0, behaviour: chance.pick(['slow', 'never-answers']) },
    },
    { at: 4_900, deed: { do: 'fault', fault: 'libvirt-refuses', vm: 0, host: 0, share: chance.next() } },
  ]
  return { steps, troubleMs: 32_000 }
}

/** libvirt stores the definition, and its answer is lost. */
function definitionAnswerLost(chance: SeededChance): Theme {
  const request = { do: 'resize', vm: 0, policy: 'quick', replaces: false, revoked: false } as const
  const lost = { do: 'fault', fault: 'reply-lost', vm: 0, host: 0, share: chance.pick([0.2, 0.5]) } as const
  const steps: Step[] = [
    { at: 900, deed: lost },
    { at: 1_000, deed: { ...request, share: chance.next(), mode: chance.pick(['nextBoot', 'both']) } },
  ]
  return { steps, troubleMs: 24_000 }
}

/** What went is added again by others while the rest is still waited for. */
function addedAgainByOthers(chance: SeededChance): Theme {
  const swap = { do: 'fault', fault: 'outside-swap', vm: 0, host: 0, share: 0.5 } as const
  const steps: Step[] = [
    { at: 700, deed: { do: 'behave', vm: 0, behaviour: 'slow' } },
    resizeToOne(chance.pick(['quick', 'strict-quick']), 1_000),
    ...[0, 1, 2].map(() => ({ at: chance.between(2_000, 8_000), deed: swap })),
  ]
  return { steps, troubleMs: 12_000 }
}

/** The guest refuses, the resize ends, and later the guest gives the same vCPUs to somebody else. */
function refusedAndRemovedByOthers(chance: SeededChance): Theme {
  const steps: Step[] = [
    { at: 700, deed: { do: 'behave', vm: 0, behaviour: 'refuses' } },
    resizeToOne(chance.pick(['quick', 'fails-soon', 'strict-quick']), 1_000),
    { at: 3_000, deed: { do: 'behave', vm: 0, behaviour: 'prompt' } },
    {
      at: chance.between(3_500, 6_000),
      deed: { do: 'fault', fault: 'outside-resize', vm: 0, host: 0, share: 0.05 },
    },
  ]
  return { steps, troubleMs: 9_000 }
}

/** The guest is to give the vCPUs up by itself first, and the server is killed before anybody asked it. */
function killedWhileDraining(chance: SeededChance): Theme {
  const downMs = chance.between(200, 3_000)
  const steps: Step[] = [
    { at: 900, deed: { do: 'crash', point: 'after-opening', nth: 1, downMs } },
    resizeToOne('gentle', 1_000),
  ]
  return { steps, troubleMs: 8_000 }
}

/** Looks begin just before the deadline of a request that has no answer, and end behind it. */
function readAcrossDeadline(chance: SeededChance): Theme {
  const hint = { do: 'fault', fault: 'event-foreign', vm: 0, host: 0 } as const
  const steps: Step[] = [
    { at: 700, deed: { do: 'behave', vm: 0, behaviour: 'never-answers' } },
    resizeToOne('quick', 1_000),
    ...[0, 1, 2].map(() => ({
      at: chance.between(2_950, 3_150),
      deed: { ...hint, share: chance.next() },
    })),
  ]
  return { steps, troubleMs: 6_000 }
}
