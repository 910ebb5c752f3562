import { Role } from '@coreshift/shared/contract'

/** The OIDC provider at which people sign in. */
export interface OidcSettings {
  /** Its address as it names itself, e.g. `https://login.example.org/realms/staff`. */
  readonly issuer: string
  readonly clientId: string
  /** Absent for a public client. */
  readonly clientSecret?: string
  /** What people call it, for the button. */
  readonly name: string
  readonly scopes: readonly string[]
  /** Claim that says what somebody may do, a dot for each step inside; absent: the default role for all. */
  readonly roleClaim?: string
  /** Role of each value of the claim; the highest that fits counts. */
  readonly roles: ReadonlyMap<string, Role>
  /** Role where no value fits; absent: then nobody gets in. */
  readonly defaultRole?: Role
  /** Verified mail addresses have to be of one of these; empty: anybody at the provider. */
  readonly allowedDomains: readonly string[]
}

const DEFAULT_SCOPES = 'openid profile email'
const DEFAULT_NAME = 'OpenID Connect'

interface OidcEnvironment {
  /** @returns undefined for what is unset or empty */
  readonly read: (name: string) => string | undefined
  /** @throws when there is no such file */
  readonly readFile: (path: string) => string
  /** One sentence per mistake. */
  readonly problems: string[]
}

/** Reads `CORESHIFT_OIDC_*`. @returns undefined when no issuer is named */
export function readOidc(environment: OidcEnvironment): OidcSettings | undefined {
  const { read, problems } = environment
  const issuer = read('CORESHIFT_OIDC_ISSUER')
  if (issuer === undefined) return undefined
  if (!isSafeAddress(issuer)) {
    problems.push(
      `CORESHIFT_OIDC_ISSUER is "${issuer}"; it has to be the provider's https address, e.g. https://login.example.org/realms/staff`,
    )
  }
  const clientId = read('CORESHIFT_OIDC_CLIENT_ID')
  if (clientId === undefined) problems.push('CORESHIFT_OIDC_CLIENT_ID is missing; the provider gives it out')
  if (read('CORESHIFT_PUBLIC_URL') === undefined) {
    problems.push('CORESHIFT_PUBLIC_URL is missing; the provider sends browsers back to it')
  }
  const clientSecret = readSecret(environment)
  const roleClaim = read('CORESHIFT_OIDC_ROLE_CLAIM')
  const roles = readRoles(read('CORESHIFT_OIDC_ROLES'), problems)
  if (roles.size > 0 && roleClaim === undefined) {
    problems.push('CORESHIFT_OIDC_ROLE_CLAIM is missing; CORESHIFT_OIDC_ROLES needs a claim to look at')
  }
  const defaultRole = readDefaultRole(read('CORESHIFT_OIDC_DEFAULT_ROLE') ?? 'viewer', problems)
  const scopes = (read('CORESHIFT_OIDC_SCOPES') ?? DEFAULT_SCOPES).split(/[\s,]+/)
  if (!scopes.includes('openid')) problems.push('CORESHIFT_OIDC_SCOPES has to contain openid')
  return {
    issuer,
    clientId: clientId ?? '',
    ...(clientSecret === undefined ? {} : { clientSecret }),
    name: read('CORESHIFT_OIDC_NAME') ?? DEFAULT_NAME,
    scopes,
    ...(roleClaim === undefined ? {} : { roleClaim }),
    roles,
    ...(defaultRole === undefined ? {} : { defaultRole }),
    allowedDomains: (read('CORESHIFT_OIDC_ALLOWED_DOMAINS') ?? '')
      .split(/[\s,;]+/)
      .filter((domain) => domain !== '')
      .map((domain) => domain.toLowerCase().replace(/^@/, '')),
  }
}

/** Readable transport is for a provider on this very machine only. */
function isSafeAddress(text: string): boolean {
  const url = URL.parse(text)
  return (
    url?.protocol === 'https:' ||
    (url?.protocol === 'http:' && ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname))
  )
}

function readSecret({ read, readFile, problems }: OidcEnvironment): string | undefined {
  const file = read('CORESHIFT_OIDC_CLIENT_SECRET_FILE')
  if (file === undefined) return read('CORESHIFT_OIDC_CLIENT_SECRET')
  try {
    return readFile(file).trim()
  } catch (error) {
    problems.push(
      `CORESHIFT_OIDC_CLIENT_SECRET_FILE cannot be read: ${error instanceof Error ? error.message : String(error)}`,
    )
    return undefined
  }
}

function readRoles(text: string | undefined, problems: string[]): ReadonlyMap<string, Role> {
  const roles = new Map<string, Role>()
  for (const part of (text ?? '').split(';').map((piece) => piece.trim())) {
    if (part === '') continue
    const at = part.lastIndexOf('=')
    const role = Role.safeParse(part.slice(at + 1).trim())
    if (at < 1 || !role.success) {
      problems.push(
        `CORESHIFT_OIDC_ROLES has the part "${part}"; each part has to be value=role, parts separated by semicolons, e.g. vm-admins=admin;vm-team=operator`,
      )
      continue
    }
    roles.set(part.slice(0, at).trim(), role.data)
  }
  return roles
}

function readDefaultRole(text: string, problems: string[]): Role | undefined {
  if (text === 'none') return undefined
  const role = Role.safeParse(text)
  if (role.success) return role.data
  problems.push(
    `CORESHIFT_OIDC_DEFAULT_ROLE is "${text}"; it has to be one of ${Role.options.join(', ')} or none`,
  )
  return undefined
}
