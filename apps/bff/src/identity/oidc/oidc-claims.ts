import { ROLES, UserName, type Role } from '@coreshift/shared/contract'
import type { OidcSettings } from './oidc-environment.ts'

/** What the provider says about somebody; nothing in it is taken for granted. */
export type Claims = Readonly<Record<string, unknown>>

/** @returns the highest role that the claims give, undefined: none, this person stays outside */
export function roleOfClaims(claims: Claims, settings: OidcSettings): Role | undefined {
  const values = settings.roleClaim === undefined ? [] : valuesAt(claims, settings.roleClaim)
  const given = values.flatMap((value) => settings.roles.get(value) ?? [])
  return ROLES.findLast((role) => given.includes(role)) ?? settings.defaultRole
}

/** Whether the verified mail address is of an allowed domain; always where none is named. */
export function isOfAllowedDomain(claims: Claims, { allowedDomains }: OidcSettings): boolean {
  if (allowedDomains.length === 0) return true
  const { email } = claims
  if (typeof email !== 'string' || claims['email_verified'] !== true) return false
  return allowedDomains.includes(email.slice(email.lastIndexOf('@') + 1).toLowerCase())
}

/** Names for a new account, the best first; only such as accounts may have. */
export function namesOfClaims(claims: Claims): string[] {
  const verified = claims['email_verified'] === true ? [claims['email']] : []
  return [claims['preferred_username'], ...verified].flatMap((name) => {
    const parsed = UserName.safeParse(name)
    return parsed.success ? [parsed.data] : []
  })
}

/** The texts at a path: one, or each of a list. A name with dots of its own is looked for as a whole first. */
function valuesAt(claims: Claims, path: string): string[] {
  const found = path in claims ? claims[path] : path.split('.').reduce<unknown>(memberOf, claims)
  const values: unknown[] = Array.isArray(found) ? found : [found]
  return values.filter((value) => typeof value === 'string')
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? Reflect.get(value, name)
    : undefined
}
