import { expect } from 'vitest'
import { Problem } from '@coreshift/shared/contract'

/** Reads an answer that has to be a problem in full form (RFC 9457), with the id under which the log has the request. */
export async function problemOf(response: Response): Promise<Problem> {
  expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/)
  const problem = Problem.parse(await response.json())
  expect(problem.status).toBe(response.status)
  expect(problem.requestId).toBe(response.headers.get('x-request-id'))
  return problem
}
