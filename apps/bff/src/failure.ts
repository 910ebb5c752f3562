import type { Reason } from '@coreshift/shared/contract'
import type { ProblemCode } from '@coreshift/shared/contract'

interface FailureDetails {
  readonly reasons?: readonly Reason[]
  readonly issues?: readonly { readonly path: string; readonly message: string }[]
  /** Id of the open operation that stands in the way. */
  readonly operation?: string
  readonly cause?: unknown
}

/**
 * A failure that a caller is told about: the one error type that services throw on purpose. The message is a
 * sentence for a person that says what was wrong and what would be right.
 */
export class Failure extends Error {
  override readonly name = 'Failure'
  readonly code: ProblemCode
  readonly reasons: readonly Reason[]
  readonly issues: readonly { readonly path: string; readonly message: string }[]
  readonly operation: string | undefined

  constructor(code: ProblemCode, message: string, details: FailureDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause })
    this.code = code
    this.reasons = details.reasons ?? []
    this.issues = details.issues ?? []
    this.operation = details.operation
  }
}
