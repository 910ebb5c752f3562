/** virErrorNumber (virterror.h): what went wrong. Decide by code, never by the text. */
export const ErrorCode = {
  INTERNAL_ERROR: 1,
  NO_MEMORY: 2,
  NO_SUPPORT: 3,
  UNKNOWN_HOST: 4,
  NO_CONNECT: 5,
  INVALID_CONN: 6,
  INVALID_DOMAIN: 7,
  INVALID_ARG: 8,
  OPERATION_FAILED: 9,
  XML_ERROR: 27,
  DOM_EXIST: 28,
  OPERATION_DENIED: 29,
  XML_DETAIL: 35,
  SYSTEM_ERROR: 38,
  RPC: 39,
  NO_DOMAIN: 42,
  AUTH_FAILED: 45,
  OPERATION_INVALID: 55,
  CONFIG_UNSUPPORTED: 67,
  OPERATION_TIMEOUT: 68,
  ARGUMENT_UNSUPPORTED: 74,
  OPERATION_ABORTED: 78,
  AUTH_CANCELLED: 79,
  NO_DOMAIN_METADATA: 80,
  MIGRATE_UNSAFE: 81,
  OPERATION_UNSUPPORTED: 84,
  AGENT_UNRESPONSIVE: 86,
  RESOURCE_BUSY: 87,
  ACCESS_DENIED: 88,
  XML_INVALID_SCHEMA: 92,
  AUTH_UNAVAILABLE: 94,
  AGENT_UNSYNCED: 97,
  DEVICE_MISSING: 99,
  /** From 11.2.0; before it AGENT_UNRESPONSIVE. */
  AGENT_COMMAND_TIMEOUT: 112,
  /** From 11.2.0; before it INTERNAL_ERROR. */
  AGENT_COMMAND_FAILED: 113,
} as const
export type ErrorCode = (typeof ErrorCode)[keyof typeof ErrorCode]

/** virErrorDomain: which part of libvirt says it. The same failure may come from two of them. */
export const ErrorDomain = { NONE: 0, CONF: 4, XML: 5, RPC: 7, QEMU: 10, DOMAIN: 20 } as const

const names = new Map<number, string>(Object.entries(ErrorCode).map(([name, code]) => [code, name]))

/** Name of a code, such as `NO_DOMAIN`, or `code 123`. */
export function errorCodeName(code: number): string {
  return names.get(code) ?? `code ${code}`
}
