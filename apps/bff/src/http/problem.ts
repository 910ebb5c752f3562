import { STATUS_CODES } from 'node:http'
import type { Problem, ProblemCode } from '@coreshift/shared/contract'
import { Failure } from '../failure.ts'

/**
 * HTTP status of a problem. `refused` is 409 for every reason, because almost all of them depend on the state of
 * the VM or its host and may go away; a value of the wrong shape is 400.
 */
export function statusOf(code: ProblemCode): number {
  switch (code) {
    case 'invalid-request':
      return 400
    case 'unauthenticated':
      return 401
    case 'not-permitted':
    case 'two-factor-required':
    case 'csrf-refused':
    case 'origin-refused':
      return 403
    case 'not-found':
      return 404
    case 'method-not-allowed':
      return 405
    case 'conflict':
    case 'refused':
      return 409
    case 'stale-revision':
      return 412
    case 'payload-too-large':
      return 413
    case 'unsupported-media-type':
      return 415
    case 'rate-limited':
      return 429
    case 'internal-error':
      return 500
    case 'libvirt-error':
      return 502
    case 'host-offline':
      return 503
    case 'timeout':
      return 504
  }
}

/** Where a problem code is explained. */
const TYPE_BASE = 'urn:coreshift:problem:'

/**
 * What a caller is told about an error. Only a `Failure` was meant for a caller; of anything else nothing but the
 * request id is told, and the caller logs it.
 */
export function toProblem(error: unknown, requestId?: string): Problem {
  const failure = asFailure(error)
  const status = statusOf(failure.code)
  return {
    type: TYPE_BASE + failure.code,
    title: STATUS_CODES[status] ?? 'Error',
    status,
    code: failure.code,
    detail: failure.message,
    ...(requestId === undefined ? {} : { requestId }),
    ...(failure.reasons.length === 0 ? {} : { reasons: [...failure.reasons] }),
    ...(failure.issues.length === 0 ? {} : { issues: [...failure.issues] }),
    ...(failure.operation === undefined ? {} : { operation: failure.operation }),
  }
}

function asFailure(error: unknown): Failure {
  if (error instanceof Failure) return error
  return (
    bodyFailure(error) ??
    new Failure(
      'internal-error',
      'Something went wrong in the server. Its log tells more under this request id.',
    )
  )
}

/** Errors of the body parser (raw-body and body-parser mark them with `type`) and of the path decoder. */
function bodyFailure(error: unknown): Failure | undefined {
  if (!(error instanceof Error)) return undefined
  const type = 'type' in error && typeof error.type === 'string' ? error.type : ''
  switch (type) {
    case 'entity.too.large':
      return new Failure('payload-too-large', 'The body is too large. 64 kB is the limit.')
    case 'entity.parse.failed':
      return new Failure('invalid-request', 'The body is not JSON. Send one JSON object.')
    case 'encoding.unsupported':
    case 'charset.unsupported':
      return new Failure('unsupported-media-type', 'Send the body as plain UTF-8 JSON, without compression.')
    case 'request.aborted':
    case 'request.size.invalid':
      return new Failure('invalid-request', 'The body ended early.')
    default:
      return error instanceof URIError
        ? new Failure('invalid-request', 'The path holds an escape (%) that is none.')
        : undefined
  }
}
