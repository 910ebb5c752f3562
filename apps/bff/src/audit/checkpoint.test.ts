import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { AT } from '../../test/examples.ts'
import { parsePublicKeys, readOrCreateCheckpointKey } from './checkpoint-key.ts'
import { createCheckpointKeeper, CHECKPOINT_AFTER_MS, CHECKPOINT_ENTRIES } from './checkpoint-keeper.ts'
import { checkpointLine, isSignedBy, parseCheckpointLine, signCheckpoint } from './checkpoint.ts'

const { privateKey, publicKey } = generateKeyPairSync('ed25519')
const HASH = 'a'.repeat(64)
const checkpoint = signCheckpoint(privateKey, { id: 7, hash: HASH }, AT)

describe('a checkpoint', () => {
  it('is found in a line of a journal and fits its key alone', () => {
    const line = `Mar 01 10:00:00 rack1 coreshift[7]: ${checkpointLine(checkpoint)}\n`
    expect(parseCheckpointLine(line)).toEqual(checkpoint)
    expect(isSignedBy([publicKey], checkpoint)).toBe(true)
    expect(isSignedBy([generateKeyPairSync('ed25519').publicKey], checkpoint)).toBe(false)
    expect(parseCheckpointLine('{"level":"info","msg":"stopping"}')).toBeUndefined()
  })

  it.each([
    { ...checkpoint, id: 8 },
    { ...checkpoint, hash: 'b'.repeat(64) },
    { ...checkpoint, at: '2026-03-01T10:00:00.001Z' },
    { ...checkpoint, sealed: true as const },
    { ...checkpoint, signature: checkpoint.signature.replace(/^./, (c) => (c === 'A' ? 'B' : 'A')) },
  ])('does not fit its signature when it was changed (%#)', (changed) => {
    expect(isSignedBy([publicKey], changed)).toBe(false)
  })

  it('is not overlooked when it was cut', () => {
    expect(() => parseCheckpointLine(checkpointLine(checkpoint).slice(0, -3))).toThrow(/cut or changed/)
  })
})

describe('the key of the checkpoints', () => {
  it('is made once, for its owner alone, with the public part beside it', () => {
    const folder = mkdtempSync(join(tmpdir(), 'coreshift-checkpoint-'))
    try {
      const key = readOrCreateCheckpointKey(folder)
      const signed = signCheckpoint(readOrCreateCheckpointKey(folder).privateKey, { id: 1, hash: HASH }, AT)
      expect(isSignedBy(parsePublicKeys(readFileSync(key.publicKeyFile, 'utf8')), signed)).toBe(true)
      expect(statSync(join(folder, 'audit-checkpoint.key')).mode & 0o777).toBe(0o600)
      writeFileSync(join(folder, 'audit-checkpoint.key'), 'nothing')
      expect(() => readOrCreateCheckpointKey(folder)).toThrow(/is damaged/)
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })
})

describe('checkpoints are given', () => {
  function keeperFrom(startId: number) {
    const given: number[] = []
    const timers = new Set<{ readonly ms: number; readonly action: () => void }>()
    const keeper = createCheckpointKeeper({
      clock: {
        now: () => 0,
        after(ms, action) {
          const timer = { ms, action }
          timers.add(timer)
          return () => timers.delete(timer)
        },
      },
      head: { id: startId, hash: HASH },
      give: ({ id }) => given.push(id),
    })
    return { keeper, given, timers }
  }
  const entry = (id: number) => ({ id, hash: HASH })

  it('for what is there at the start, and for nothing when nothing is', () => {
    expect(keeperFrom(5).given).toEqual([5])
    expect(keeperFrom(0).given).toEqual([])
  })

  it('a while after the first entry that none covers', () => {
    const { keeper, given, timers } = keeperFrom(0)
    keeper.noteEntry(entry(1))
    keeper.noteEntry(entry(2))
    expect([...timers].map(({ ms }) => ms)).toEqual([CHECKPOINT_AFTER_MS])
    for (const { action } of timers) action()
    expect(given).toEqual([2])
    expect(timers.size).toBe(0)
    keeper.stop()
    expect(given).toEqual([2])
  })

  it('sooner when many entries come, and at the end', () => {
    const { keeper, given, timers } = keeperFrom(0)
    for (let id = 1; id <= CHECKPOINT_ENTRIES + 1; id += 1) keeper.noteEntry(entry(id))
    expect(given).toEqual([CHECKPOINT_ENTRIES])
    keeper.stop()
    expect(given).toEqual([CHECKPOINT_ENTRIES, CHECKPOINT_ENTRIES + 1])
    expect(timers.size).toBe(0)
  })
})
