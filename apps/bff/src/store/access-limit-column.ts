import { AccessLimit } from '@coreshift/shared/contract'

/**
 * A limit as it is stored: JSON, absent for the whole fleet.
 * @throws when the column holds anything else: a limit that cannot be read must not become none
 */
export function readAccessLimit(text: string | null): AccessLimit | undefined {
  return text === null ? undefined : AccessLimit.parse(JSON.parse(text))
}

export function writeAccessLimit(limit: AccessLimit | undefined): string | null {
  return limit === undefined ? null : JSON.stringify(limit)
}
