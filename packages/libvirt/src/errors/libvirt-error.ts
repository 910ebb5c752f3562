import type { DomainRef } from '../domain/domain-ref.ts'
import type { RemoteError } from '../rpc/remote-error.ts'
import { ErrorCode, errorCodeName } from './error-code.ts'

/** libvirt's answer to a call that failed, with every field it sent (virError). */
export class LibvirtError extends Error {
  override readonly name = 'LibvirtError'
  /** An `ErrorCode`, or a newer one. */
  readonly code: number
  /** Name of the code, such as `NO_DOMAIN`. */
  readonly codeName: string
  /** An `ErrorDomain`. */
  readonly domain: number
  /** 1 warning, 2 error. */
  readonly level: number
  /** Often the format of the message or a function name. */
  readonly str1: string | null
  readonly str2: string | null
  readonly str3: string | null
  /** The errno with code SYSTEM_ERROR. */
  readonly int1: number
  readonly int2: number
  readonly dom: DomainRef | null
  /** libvirt's function that was called. */
  readonly procedure: string

  constructor(remote: RemoteError, procedure: string) {
    super(remote.message ?? `libvirt gave no text for ${errorCodeName(remote.code)}`)
    this.code = remote.code
    this.codeName = errorCodeName(remote.code)
    this.domain = remote.domain
    this.level = remote.level
    this.str1 = remote.str1
    this.str2 = remote.str2
    this.str3 = remote.str3
    this.int1 = remote.int1
    this.int2 = remote.int2
    this.dom = remote.dom
    this.procedure = procedure
  }
}

function hasCode(error: unknown, ...codes: readonly number[]): boolean {
  return error instanceof LibvirtError && codes.includes(error.code)
}

/** No such domain, or it went away meanwhile. */
export function isNoDomain(error: unknown): boolean {
  return hasCode(error, ErrorCode.NO_DOMAIN)
}

/** Not possible in the domain's present state (not running, already running, nothing to abort …). */
export function isOperationInvalid(error: unknown): boolean {
  return hasCode(error, ErrorCode.OPERATION_INVALID)
}

/** libvirt's own wait was too short; the operation may still complete: query again. */
export function isTimeout(error: unknown): boolean {
  return hasCode(error, ErrorCode.OPERATION_TIMEOUT)
}

/** An argument is wrong; also how a daemon refuses a flag that it does not know. */
export function isInvalidArgument(error: unknown): boolean {
  return hasCode(error, ErrorCode.INVALID_ARG)
}

/**
 * The daemon does not know a flag of the call (code 8 from libvirt's drivers, 74 for groups of statistics).
 * A wrong argument has code 8 too: ask only where the rest of the call is known to be right.
 */
export function isUnsupportedFlag(error: unknown): boolean {
  return hasCode(error, ErrorCode.INVALID_ARG, ErrorCode.ARGUMENT_UNSUPPORTED)
}

/** The daemon does not know the procedure. */
export function isUnknownProcedure(error: unknown): boolean {
  return hasCode(error, ErrorCode.RPC, ErrorCode.NO_SUPPORT)
}

/** The daemon does not know the event that was to be registered (code 1 from the RPC layer). */
export function isUnsupportedEvent(error: unknown): boolean {
  return hasCode(error, ErrorCode.INTERNAL_ERROR) && error instanceof LibvirtError && error.domain === 7
}

/** Domain or device cannot do that at all (a vCPU that is not removable, a setting it has no room for). */
export function isUnsupported(error: unknown): boolean {
  return hasCode(
    error,
    ErrorCode.NO_SUPPORT,
    ErrorCode.CONFIG_UNSUPPORTED,
    ErrorCode.ARGUMENT_UNSUPPORTED,
    ErrorCode.OPERATION_UNSUPPORTED,
  )
}

/** libvirt or QEMU tried and failed; a synchronous unplug that the guest refused says this. */
export function isOperationFailed(error: unknown): boolean {
  return hasCode(error, ErrorCode.OPERATION_FAILED)
}

/** The guest agent is absent, silent or answered with an error. */
export function isAgentError(error: unknown): boolean {
  return hasCode(
    error,
    ErrorCode.AGENT_UNRESPONSIVE,
    ErrorCode.AGENT_UNSYNCED,
    ErrorCode.AGENT_COMMAND_TIMEOUT,
    ErrorCode.AGENT_COMMAND_FAILED,
  )
}

/** Description, title or own element is not set. */
export function isNoMetadata(error: unknown): boolean {
  return hasCode(error, ErrorCode.NO_DOMAIN_METADATA)
}

/** Not allowed: a read-only connection, or the access rules of the daemon. */
export function isDenied(error: unknown): boolean {
  return hasCode(error, ErrorCode.OPERATION_DENIED, ErrorCode.ACCESS_DENIED)
}

/** The daemon refused the credentials. */
export function isAuthFailed(error: unknown): boolean {
  return hasCode(error, ErrorCode.AUTH_FAILED, ErrorCode.AUTH_CANCELLED, ErrorCode.AUTH_UNAVAILABLE)
}

/** Somebody aborted the job. */
export function isAborted(error: unknown): boolean {
  return hasCode(error, ErrorCode.OPERATION_ABORTED)
}

/** Another job holds the domain or resource. */
export function isBusy(error: unknown): boolean {
  return hasCode(error, ErrorCode.RESOURCE_BUSY)
}
