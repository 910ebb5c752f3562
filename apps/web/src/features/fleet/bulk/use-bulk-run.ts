import { useState } from 'react'
import { runEach, type Outcome } from './run-each.ts'

/** Requests on their way at once; the server takes them one host after the other anyway. */
const AT_ONCE = 4

const WAITING = { kind: 'waiting' } as const

/** A command for several machines, with what became of each; it is given once. */
export function useBulkRun<Result>(task: (uuid: string) => Promise<Result>) {
  const [outcomes, setOutcomes] = useState<ReadonlyMap<string, Outcome<Result>>>()
  const list = [...(outcomes?.values() ?? [])]
  const done = list.filter(({ kind }) => kind === 'done').length
  const failed = list.filter(({ kind }) => kind === 'failed').length

  function start(uuids: readonly string[]): void {
    setOutcomes(new Map(uuids.map((uuid) => [uuid, WAITING])))
    void runEach(uuids, AT_ONCE, task, (uuid, outcome) =>
      setOutcomes((before) => new Map(before).set(uuid, outcome)),
    )
  }

  return { outcomes, done, failed, total: list.length, isOver: done + failed === list.length, start }
}
