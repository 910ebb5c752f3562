import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createConcurrencyGate } from './concurrency-gate.ts'

describe('a gate for concurrent work', () => {
  it('never lets more through than it may, runs all that it took, and refuses what is too much', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 4 }),
        fc.nat(6),
        fc.array(fc.record({ turnsBefore: fc.nat(6), turns: fc.nat(4), fails: fc.boolean() }), {
          maxLength: 30,
        }),
        async (concurrentMax, waitingMax, pieces) => {
          const gate = createConcurrencyGate({ concurrentMax, waitingMax, full: () => new Error('full') })
          let running = 0
          let most = 0
          let ran = 0
          const turns = async (count: number): Promise<void> => {
            for (let turn = 0; turn < count; turn += 1) await Promise.resolve()
          }
          const results = await Promise.allSettled(
            pieces.map(async (piece) => {
              await turns(piece.turnsBefore)
              await gate(async () => {
                running += 1
                ran += 1
                most = Math.max(most, running)
                await turns(piece.turns)
                running -= 1
                if (piece.fails) throw new Error('work')
              })
            }),
          )
          expect(most).toBeLessThanOrEqual(concurrentMax)
          const refused = results.filter(
            (result) => result.status === 'rejected' && String(result.reason) === 'Error: full',
          )
          expect(ran + refused.length).toBe(pieces.length)
          await expect(gate(() => Promise.resolve('open again'))).resolves.toBe('open again')
        },
      ),
    )
  })
})
