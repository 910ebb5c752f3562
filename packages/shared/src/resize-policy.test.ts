import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ResizePolicy as ResizePolicySchema } from './contract/resize.ts'
import { DEFAULT_POLICIES, POLICY_PRESETS, deadlineOfAttempt } from './resize-policy.ts'

const growing = {
  ...DEFAULT_POLICIES.background,
  deadlineMs: 60_000,
  backoffFactor: 2,
  maxDeadlineMs: 200_000,
}

describe('the deadline of a request', () => {
  it.each([
    { attempt: 1, ms: 60_000 },
    { attempt: 2, ms: 120_000 },
    { attempt: 3, ms: 200_000 },
    { attempt: 9, ms: 200_000 },
  ])('of attempt $attempt grows to its bound', ({ attempt, ms }) => {
    expect(deadlineOfAttempt(growing, attempt)).toBe(ms)
  })

  it('of attempt 0 is that of the first', () => {
    expect(deadlineOfAttempt(growing, 0)).toBe(60_000)
  })

  it('stays the same without back-off', () => {
    expect(deadlineOfAttempt(DEFAULT_POLICIES.interactive, 2)).toBe(30_000)
  })

  it('is never below the first deadline, even where the bound is', () => {
    expect(deadlineOfAttempt({ ...growing, maxDeadlineMs: 1000 }, 3)).toBe(60_000)
  })

  it('never shrinks from one attempt to the next', () => {
    const policies = fc.record({
      deadlineMs: fc.integer({ min: 500, max: 86_400_000 }),
      backoffFactor: fc.double({ min: 1, max: 10, noNaN: true }),
      maxDeadlineMs: fc.integer({ min: 500, max: 86_400_000 }),
      attempt: fc.integer({ min: 1, max: 20 }),
    })
    fc.assert(
      fc.property(policies, ({ attempt, ...changes }) => {
        const policy = { ...growing, ...changes }
        const deadline = deadlineOfAttempt(policy, attempt)
        expect(deadlineOfAttempt(policy, attempt + 1)).toBeGreaterThanOrEqual(deadline)
        expect(deadline).toBeLessThanOrEqual(Math.max(policy.maxDeadlineMs, policy.deadlineMs))
      }),
    )
  })
})

describe('the presets as shipped', () => {
  it.each(POLICY_PRESETS)('%s is a policy that the contract accepts', (preset) => {
    expect(ResizePolicySchema.parse(DEFAULT_POLICIES[preset])).toEqual(DEFAULT_POLICIES[preset])
  })

  it('end as their names say: strict puts back, the others keep the operation open', () => {
    expect(POLICY_PRESETS.map((preset) => DEFAULT_POLICIES[preset].ending)).toEqual([
      'reconcile',
      'reconcile',
      'put-back',
    ])
  })
})
