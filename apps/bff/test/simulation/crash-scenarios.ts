import type { VmSpec } from '@coreshift/demo-host'
import type { CrashKind } from './crash-points.ts'
import { runSchedule, type Outcome, type RunOptions } from './run-schedule.ts'
import type { Deed, Schedule } from './schedule.ts'

/** A crash point that is never passed untouched would mean that the scenario has no end. */
const POINTS_MAX = 400

/** A short life with one purpose, and how it has to end wherever the server crashes. */
interface CrashScenario {
  readonly name: string
  readonly schedule: Schedule
  /**
   * How the last operation may stand at the end, with the vCPUs that the VM then has. No operation at all is right when
   * the request died unstored.
   */
  readonly ends: Readonly<Record<string, readonly number[]>>
}

const resize = (
  sockets: number,
  maximum: number,
  change: Partial<Extract<Deed, { do: 'resize' }>> = {},
): Deed => ({
  do: 'resize',
  vm: 0,
  // Of `maximum` sockets exactly so many.
  share: (sockets - 0.5) / maximum,
  mode: 'live',
  policy: 'quick',
  replaces: false,
  revoked: false,
  ...change,
})

function scenario(
  name: string,
  vm: Partial<VmSpec>,
  steps: readonly (readonly [at: number, deed: Deed])[],
  ends: CrashScenario['ends'],
): CrashScenario {
  return {
    name,
    schedule: {
      seed: 2,
      story: [
        {
          name: 'lab',
          version: '12.8.0',
          vms: [
            { name: 'vm', os: 'debian-12', sockets: 4, maxSockets: 8, agent: 'absent', memoryGib: 2, ...vm },
          ],
        },
      ],
      managed: 1,
      store: 'memory',
      latencyMs: 0,
      steps: steps.map(([at, deed]) => ({ at, deed })),
      troubleMs: 20_000,
    },
    ends,
  }
}

export const CRASH_SCENARIOS: readonly CrashScenario[] = [
  scenario('plug', {}, [[1_500, resize(7, 8, { mode: 'both' })]], { 'plug converged': [7] }),
  scenario('unplug by count', { sockets: 6 }, [[1_500, resize(3, 8, { mode: 'both' })]], {
    'unplug converged': [3],
  }),
  scenario(
    'unplug by id',
    { sockets: 6 },
    [[1_500, { do: 'remove', vm: 0, units: 3, share: 0.2, policy: 'quick', replaces: false }]],
    { 'unplug converged': [3] },
  ),
  scenario(
    'change of mind',
    { sockets: 6, behaviour: 'slow' },
    [
      [1_500, resize(2, 8)],
      [2_200, { do: 'behave', vm: 0, behaviour: 'prompt' }],
      [3_000, resize(7, 8, { replaces: true })],
    ],
    // One or the other, whole: the second request is stored with the end of the first, or the first goes its way.
    // Where the first request may or may not have left, what it named is watched on: it is as wished all the same.
    { 'plug converged': [7], 'plug deferred': [7], 'unplug converged': [2] },
  ),
  scenario('timeout', { sockets: 4, behaviour: 'never-answers' }, [[1_500, resize(2, 8)]], {
    'unplug deferred': [4],
  }),
  scenario(
    'put back',
    { sockets: 6, behaviour: 'slow' },
    [[1_500, resize(3, 8, { policy: 'strict-quick' })]],
    {
      // Slow units may go while they are put back, or after: that is recorded, and does not reopen anything.
      'unplug converged': [3],
      'unplug rolled-back': [3, 4, 5, 6],
      'unplug failed': [3, 4, 5, 6],
    },
  ),
]

interface CrashedRun {
  readonly nth: number
  readonly outcome: Outcome
  /** Why it is not as it has to be. */
  readonly problem?: string
}

/** Lives through a scenario with a crash at the first point, the second, … until one life passes untouched. */
export async function* crashEverywhere(
  { schedule, ends }: CrashScenario,
  kind: CrashKind,
  options: RunOptions = {},
): AsyncGenerator<CrashedRun> {
  for (let nth = 1; nth <= POINTS_MAX; nth += 1) {
    const outcome = await runSchedule(schedule, { ...options, crashAt: { nth, kind } })
    const problem = outcome.failure ?? unexpected(outcome, ends)
    yield { nth, outcome, ...(problem !== undefined && { problem }) }
    if (!outcome.crashed) return
  }
  throw new Error(`no life passed untouched in ${POINTS_MAX}`)
}

function unexpected(outcome: Outcome, ends: CrashScenario['ends']): string | undefined {
  const end = outcome.ends.at(-1)
  if (end === undefined) return undefined
  const vcpus = ends[end]
  if (vcpus === undefined) return `ends as "${end}", not as ${Object.keys(ends).join(' or ')}`
  const count = outcome.vcpus['vm'] ?? 0
  return vcpus.includes(count) ? undefined : `ends with ${count} vCPUs, not ${vcpus.join(' or ')}`
}
