import type { SeededChance } from '../../src/resize/engine/testing/seeded-chance.ts'
import type { Step } from './schedule.ts'

/** Steps that belong together, and the time that they need, ms. */
export interface Theme {
  readonly steps: readonly Step[]
  readonly troubleMs: number
}

/** Seeds from one life with a theme to the next one with the same. */
const EVERY = 20
const STRICT_AT = 4
const REFUSED_AT = 14

/** One seed in ten has one of two stories that chance alone tells too rarely. */
export function themeOf(seed: number, chance: SeededChance): Theme | undefined {
  if (seed % EVERY === STRICT_AT) return putBackUnderPressure(chance)
  if (seed % EVERY === REFUSED_AT) return refusedAndRemovedByOthers(chance)
  return undefined
}

function resizeToOne(policy: 'strict-quick' | 'quick' | 'fails-soon', at: number): Step {
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
