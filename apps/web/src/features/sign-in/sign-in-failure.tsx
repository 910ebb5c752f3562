import { ApiProblem } from '../../data/api-failure.ts'
import { CommandFailure } from '../../domain/query-failure.tsx'
import { Notice } from '../../ui/notice.tsx'

/** A refused sign-in says no more than that it was wrong; everything else says what it is. */
export function SignInFailure({ error, wrong }: { error: unknown; wrong: string }) {
  const isRefusal = error instanceof ApiProblem && error.problem.status === 401
  return isRefusal ? <Notice tone="danger" title={wrong} live="alert" /> : <CommandFailure error={error} />
}
