import { expect, it } from 'vitest'
import type { Operation } from '@coreshift/shared/contract'
import { AT, operationRecord } from '../../test/examples.ts'
import { toOperation } from './operation-record.ts'
import { TellTale } from './tell-tale.ts'

const ANN = { kind: 'user', name: 'ann' } as const
const BOB = { kind: 'token', name: 'bob' } as const

function bench() {
  let tell: (operation: Operation) => void = () => undefined
  const tale = new TellTale({
    onChange(listener) {
      tell = listener
      return () => undefined
    },
  })
  const heard: string[] = []
  tale.onNotice((to, { what, sentence }) => heard.push(`${to.name}: ${what}. ${sentence}`))
  const operation = toOperation(operationRecord({ state: 'pending', sentence: 'Waiting.' }))
  return { heard, changed: (change: Partial<Operation>) => tell({ ...operation, ...change }) }
}

it('each is told once when it is overdue, and once when it ends', () => {
  const { heard, changed } = bench()
  changed({ tell: [ANN] })
  changed({ tell: [ANN, BOB], overdue: true })
  changed({ tell: [ANN, BOB], overdue: true })
  const end = { tell: [ANN, BOB], state: 'converged', finishedAt: AT, sentence: 'Done.' } as const
  changed({ ...end, overdue: true, tell: [...end.tell] })
  // A late removal changes the record after the end.
  changed({ ...end, overdue: true, tell: [...end.tell] })
  expect(heard).toEqual([
    'ann: overdue. Waiting.',
    'bob: overdue. Waiting.',
    'ann: ended. Done.',
    'bob: ended. Done.',
  ])
})

it('who asks when it is overdue already is told of its end only', () => {
  const { heard, changed } = bench()
  changed({ overdue: true })
  changed({ overdue: true, tell: [ANN] })
  changed({ overdue: true, tell: [ANN], state: 'abandoned', sentence: 'Over.' })
  expect(heard).toEqual(['ann: ended. Over.'])
})

it('who does not want to be told any more is not', () => {
  const { heard, changed } = bench()
  changed({ tell: [ANN] })
  changed({})
  changed({ state: 'converged' })
  expect(heard).toEqual([])
})
