import { ErrorCode, ErrorDomain } from '@coreshift/libvirt'

/** What libvirt puts before the detail of an error, by code (virerror.c). */
const PREFIX: Readonly<Record<number, string>> = {
  [ErrorCode.INTERNAL_ERROR]: 'internal error: ',
  [ErrorCode.NO_SUPPORT]: 'this function is not supported by the connection driver: ',
  [ErrorCode.INVALID_ARG]: 'invalid argument: ',
  [ErrorCode.OPERATION_FAILED]: 'operation failed: ',
  [ErrorCode.XML_ERROR]: 'XML error: ',
  [ErrorCode.OPERATION_DENIED]: 'operation forbidden: ',
  [ErrorCode.NO_DOMAIN]: 'Domain not found: ',
  [ErrorCode.OPERATION_INVALID]: 'Requested operation is not valid: ',
  [ErrorCode.CONFIG_UNSUPPORTED]: 'unsupported configuration: ',
  [ErrorCode.OPERATION_TIMEOUT]: 'Timed out during operation: ',
  [ErrorCode.ARGUMENT_UNSUPPORTED]: 'argument unsupported: ',
  [ErrorCode.OPERATION_ABORTED]: 'operation aborted: ',
  [ErrorCode.NO_DOMAIN_METADATA]: 'metadata not found: ',
  [ErrorCode.OPERATION_UNSUPPORTED]: 'Operation not supported: ',
  [ErrorCode.AGENT_UNRESPONSIVE]: 'Guest agent is not responding: ',
  [ErrorCode.AGENT_COMMAND_TIMEOUT]: 'guest agent command timed out: ',
  [ErrorCode.AGENT_COMMAND_FAILED]: 'guest agent command failed: ',
}

/** Whether `str1` holds the format of the message, or the name of a function. */
type Shape =
  { readonly kind: 'format'; readonly prefix: string } | { readonly kind: 'function'; readonly name: string }

/** A failure as libvirt reports it: decided by code, worded as libvirt words it. */
export class LibvirtFault extends Error {
  override readonly name = 'LibvirtFault'
  readonly code: number
  readonly domain: number
  readonly detail: string
  readonly shape: Shape
  /** errno for system errors, else -1 (0 where the caller's argument was wrong). */
  readonly int1: number

  constructor(code: number, domain: number, detail: string, shape?: Shape, message?: string, int1 = -1) {
    const prefix = PREFIX[code] ?? ''
    super(message ?? `${prefix}${detail}`)
    this.code = code
    this.domain = domain
    this.detail = detail
    this.shape = shape ?? { kind: 'format', prefix }
    this.int1 = int1
  }
}

/** A failure in QEMU's driver. */
export function qemuFault(code: number, detail: string): LibvirtFault {
  return new LibvirtFault(code, ErrorDomain.QEMU, detail)
}

export function noDomain(detail: string): LibvirtFault {
  return qemuFault(ErrorCode.NO_DOMAIN, detail)
}

export function notRunning(domain: number = ErrorDomain.DOMAIN): LibvirtFault {
  return new LibvirtFault(ErrorCode.OPERATION_INVALID, domain, 'domain is not running')
}

export function operationInvalid(detail: string): LibvirtFault {
  return qemuFault(ErrorCode.OPERATION_INVALID, detail)
}

export function invalid(detail: string, domain: number = ErrorDomain.QEMU): LibvirtFault {
  return new LibvirtFault(ErrorCode.INVALID_ARG, domain, detail)
}

export function unsupportedConfiguration(detail: string): LibvirtFault {
  return qemuFault(ErrorCode.CONFIG_UNSUPPORTED, detail)
}

export function unsupportedOperation(detail: string): LibvirtFault {
  return qemuFault(ErrorCode.OPERATION_UNSUPPORTED, detail)
}

/** An unknown flag bit, as virCheckFlags words it. */
export function unsupportedFlags(
  bits: number,
  where: string,
  domain: number = ErrorDomain.QEMU,
): LibvirtFault {
  const text = `unsupported flags (0x${(bits >>> 0).toString(16)}) in function ${where}`
  return new LibvirtFault(ErrorCode.INVALID_ARG, domain, 'flags', { kind: 'function', name: where }, text, 0)
}

/** Two flags that exclude each other, as the public API words it. */
export function exclusiveFlags(first: string, second: string, where: string): LibvirtFault {
  return flagsFault(`Flags '${first}' and '${second}' are mutually exclusive`, where)
}

/** A flag that needs another. */
export function missingFlag(flag: string, needed: string, where: string): LibvirtFault {
  return flagsFault(`Flag '${flag}' is required by flag '${needed}'`, where)
}

function flagsFault(text: string, where: string): LibvirtFault {
  return badArgument('ctl', where, text, ErrorDomain.DOMAIN)
}

/** An argument that makes no sense, worded without libvirt's usual beginning (virReportInvalidArg). */
export function badArgument(argument: string, where: string, text: string, domain: number): LibvirtFault {
  return new LibvirtFault(ErrorCode.INVALID_ARG, domain, argument, { kind: 'function', name: where }, text, 0)
}

/** Throws for flag bits that `where` does not know. */
export function checkFlags(flags: number, known: number, where: string): void {
  const unknown = (flags & ~known) >>> 0
  if (unknown !== 0) throw unsupportedFlags(unknown, where)
}

/** An argument that may not be zero. */
export function mustNotBeZero(argument: string, where: string): LibvirtFault {
  const text = `${argument} in ${where} must not be zero`
  return new LibvirtFault(
    ErrorCode.INVALID_ARG,
    ErrorDomain.DOMAIN,
    argument,
    { kind: 'function', name: where },
    text,
    0,
  )
}

/** The text is no XML. */
export function xmlBroken(line: number, detail: string): LibvirtFault {
  const text = `at line ${line}: ${detail}`
  return new LibvirtFault(
    ErrorCode.XML_DETAIL,
    ErrorDomain.DOMAIN,
    text,
    { kind: 'format', prefix: '' },
    text,
  )
}

/** XML without something that libvirt needs. */
export function xmlIncomplete(detail: string): LibvirtFault {
  return new LibvirtFault(ErrorCode.XML_ERROR, ErrorDomain.DOMAIN, detail)
}

/** An operating system call failed. */
export function systemError(errno: number, detail: string, domain: number = ErrorDomain.NONE): LibvirtFault {
  return new LibvirtFault(
    ErrorCode.SYSTEM_ERROR,
    domain,
    detail,
    { kind: 'format', prefix: '' },
    detail,
    errno,
  )
}

/** A fault of the RPC layer itself. */
export function rpcFault(detail: string): LibvirtFault {
  return new LibvirtFault(ErrorCode.RPC, ErrorDomain.RPC, detail)
}

/** What the daemon says about a call that makes no sense now. */
export function rpcInternal(detail: string): LibvirtFault {
  return new LibvirtFault(ErrorCode.INTERNAL_ERROR, ErrorDomain.RPC, detail)
}

/** A call that a read-only connection may not make. */
export function readOnly(functionName: string): LibvirtFault {
  const detail = `read only access prevents ${functionName}`
  return new LibvirtFault(ErrorCode.OPERATION_DENIED, ErrorDomain.DOMAIN, detail)
}

/** Nothing answers to this URI. */
export function noDriver(detail: string): LibvirtFault {
  return new LibvirtFault(
    ErrorCode.NO_CONNECT,
    ErrorDomain.NONE,
    detail,
    { kind: 'format', prefix: '' },
    detail,
  )
}
