import { toProblem } from '../problem.ts'
import type { OvirtElement } from './element.ts'

export interface Fault {
  readonly status: number
  readonly element: OvirtElement
}

/** An error as oVirt reports it: a reason in a few words, and every message in brackets. */
export function faultOf(error: unknown, requestId: string): Fault {
  const problem = toProblem(error, requestId)
  const messages = problem.reasons?.map(({ message }) => message) ?? [problem.detail]
  return {
    status: problem.status,
    element: {
      reason: problem.status === 400 ? 'Invalid request' : 'Operation Failed',
      detail: `[${[...new Set(messages)].join(', ')}]`,
    },
  }
}
