import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { sql } from 'kysely'
import { describe, expect, it } from 'vitest'
import { testDatabase } from '../../test/databases.ts'
import { CheckpointThread } from './checkpoint-thread.ts'
import type { Database } from './database.ts'
import { CHECKPOINT_COMMITS, WriteAheadLog } from './write-ahead-log.ts'

/** A log whose disk answers when the test says so. */
function slowLog() {
  const syncs: PromiseWithResolvers<void>[] = []
  const checkpoints: PromiseWithResolvers<void>[] = []
  const lost: unknown[] = []
  const out = (list: PromiseWithResolvers<void>[]) => () => {
    const answer = Promise.withResolvers<void>()
    list.push(answer)
    return answer.promise
  }
  const log = new WriteAheadLog({
    sync: out(syncs),
    checkpoint: out(checkpoints),
    close: () => Promise.resolve(),
    lost: (cause) => lost.push(cause),
  })
  return { log, syncs, checkpoints, lost }
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

describe('the write-ahead log', () => {
  it('lets commits that come while a sync is out share the next one', async () => {
    const { log, syncs } = slowLog()
    const durable: string[] = []
    const commit = (name: string) => void log.committed().then(() => durable.push(name))
    commit('first')
    commit('second')
    commit('third')
    await turn()
    expect(syncs).toHaveLength(1)
    syncs[0]?.resolve()
    await turn()
    expect(durable).toEqual(['first'])
    expect(syncs).toHaveLength(2)
    syncs[1]?.resolve()
    await turn()
    expect(durable).toEqual(['first', 'second', 'third'])
    expect(syncs).toHaveLength(2)
  })

  it('refuses a commit that does not come to the disk, and says that the log is lost', async () => {
    const { log, syncs, lost } = slowLog()
    const commit = log.committed()
    const failure = new Error('EIO')
    syncs[0]?.reject(failure)
    await expect(commit).rejects.toBe(failure)
    expect(lost).toEqual([failure])
  })

  it('has a checkpoint made after so many commits, and no second one beside it', async () => {
    const { log, syncs, checkpoints } = slowLog()
    const commit = async (count: number): Promise<void> => {
      for (let each = 0; each < count; each += 1) {
        const committed = log.committed()
        syncs.at(-1)?.resolve()
        await committed
      }
    }
    await commit(CHECKPOINT_COMMITS - 1)
    expect(checkpoints).toHaveLength(0)
    await commit(1)
    expect(checkpoints).toHaveLength(1)
    await commit(CHECKPOINT_COMMITS * 2)
    expect(checkpoints).toHaveLength(1)
    checkpoints[0]?.resolve()
    await turn()
    await commit(1)
    expect(checkpoints).toHaveLength(2)
  })

  it('is in the database file after a checkpoint', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'coreshift-checkpoint-'))
    const file = join(folder, 'some.db')
    const writer = new DatabaseSync(file)
    writer.exec('pragma journal_mode = wal; create table fact (text text)')
    writer.exec("insert into fact values ('kept')")
    const thread = new CheckpointThread(file)
    await thread.checkpoint()
    await thread.checkpoint()
    const copy = join(folder, 'without-its-log.db')
    copyFileSync(file, copy)
    await thread.end()
    const reader = new DatabaseSync(copy)
    expect(reader.prepare('select text from fact').all()).toEqual([{ text: 'kept' }])
    reader.close()
    writer.close()
    rmSync(folder, { recursive: true })
  })
})

describe('a SQLite database', () => {
  const FULL = 2
  const NORMAL = 1
  const level = async (db: Pick<Database, 'db'>['db']): Promise<unknown> =>
    (await sql<{ synchronous: number }>`pragma synchronous`.execute(db)).rows[0]?.synchronous

  it('leaves the sync to the log within a transaction only, whether it ends well or not', async () => {
    await using test = await testDatabase('sqlite')
    const { database } = test
    expect(await level(database.db)).toBe(FULL)
    expect(await database.write((transaction) => level(transaction))).toBe(NORMAL)
    expect(await level(database.db)).toBe(FULL)
    await expect(database.write(() => Promise.reject(new Error('no')))).rejects.toThrow('no')
    expect(await level(database.db)).toBe(FULL)
  })

  it('has everything of a long row of commits after it was opened anew', async () => {
    await using test = await testDatabase('sqlite')
    const write = (name: string) =>
      test.database.write((transaction) =>
        sql`insert or replace into setting (name, value, updated_at) values (${name}, '1', '')`.execute(
          transaction,
        ),
      )
    for (let commit = 1; commit <= CHECKPOINT_COMMITS + 2; commit += 1) await write(`n${commit % 7}`)
    await test.database.close()
    const again = await test.reopen()
    const { rows } = await sql<{ count: number }>`select count(*) as count from setting`.execute(again.db)
    expect(rows[0]?.count).toBe(7)
  })
})
