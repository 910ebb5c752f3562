import { describe, expect, it } from 'vitest'
import type { ResizeMode } from '../operation-state.ts'
import { judgeSockets, type JudgeOptions, type SocketsWish } from './judge-sockets.ts'
import { mayProceed } from './verdict.ts'
import type { VmFacts } from './vm-facts.ts'

/** One request and the verdict it has to get. */
export interface VerdictRow {
  readonly title: string
  readonly facts: VmFacts
  readonly wish: SocketsWish
  /** Default: live. */
  readonly mode?: ResizeMode
  readonly options?: JudgeOptions
  /** All reasons in order; of each what is named here is compared. */
  readonly reasons: readonly object[]
  /** Default: allowed when there are no reasons. */
  readonly allowed?: boolean
  readonly acknowledge?: readonly string[]
}

export function describeVerdicts(subject: string, rows: readonly VerdictRow[]): void {
  describe(`the verdict on one request: ${subject}`, () => {
    it.each(rows)('$title', ({ facts, wish, mode = 'live', options, ...expected }) => {
      const verdict = judgeSockets(facts, wish, mode, options)
      expect(verdict.reasons).toMatchObject(expected.reasons)
      expect(verdict.allowed).toBe(expected.allowed ?? expected.reasons.length === 0)
      expect(verdict.acknowledge).toEqual(expected.acknowledge)
      expect(mayProceed(verdict)).toBe(verdict.allowed && expected.acknowledge === undefined)
    })
  })
}
