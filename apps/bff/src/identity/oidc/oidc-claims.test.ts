import { describe, expect, it } from 'vitest'
import type { Role } from '@coreshift/shared/contract'
import { isOfAllowedDomain, namesOfClaims, roleOfClaims, type Claims } from './oidc-claims.ts'
import { readOidc, type OidcSettings } from './oidc-environment.ts'

const SETTINGS: OidcSettings = {
  issuer: 'https://login.example.org',
  clientId: 'coreshift',
  name: 'Example',
  scopes: ['openid'],
  roleClaim: 'groups',
  roles: new Map<string, Role>([
    ['vm-admins', 'admin'],
    ['vm-team', 'operator'],
  ]),
  defaultRole: 'viewer',
  allowedDomains: [],
}

describe('the role of the claims', () => {
  const { defaultRole: _none, ...strict } = SETTINGS
  const table: readonly (readonly [string, Claims, OidcSettings, Role | undefined])[] = [
    ['a list with one that fits', { groups: ['users', 'vm-team'] }, SETTINGS, 'operator'],
    ['the highest of several', { groups: ['vm-team', 'vm-admins'] }, SETTINGS, 'admin'],
    ['a single text', { groups: 'vm-admins' }, SETTINGS, 'admin'],
    ['none that fits', { groups: ['users'] }, SETTINGS, 'viewer'],
    ['none that fits, without a default', { groups: ['users'] }, strict, undefined],
    ['no claim, without a default', {}, strict, undefined],
    ['something that is no text', { groups: [{ 'vm-admins': true }, 7, null] }, SETTINGS, 'viewer'],
    [
      'a claim inside another',
      { realm_access: { roles: ['vm-team'] } },
      { ...SETTINGS, roleClaim: 'realm_access.roles' },
      'operator',
    ],
    [
      'a claim whose name has dots',
      { 'https://example.org/roles': 'vm-team' },
      { ...SETTINGS, roleClaim: 'https://example.org/roles' },
      'operator',
    ],
    [
      'a name that every object has',
      { groups: 'x' },
      { ...SETTINGS, roleClaim: 'constructor.name', roles: new Map([['Object', 'admin']]) },
      'viewer',
    ],
  ]
  it.each(table)('is right for %s', (_what, claims, settings, role) => {
    expect(roleOfClaims(claims, settings)).toBe(role)
  })
})

describe('the allowed domains', () => {
  const settings = { ...SETTINGS, allowedDomains: ['example.org'] }
  it.each<readonly [Claims, boolean]>([
    [{ email: 'ann@example.org', email_verified: true }, true],
    [{ email: 'ann@EXAMPLE.ORG', email_verified: true }, true],
    [{ email: 'ann@example.org', email_verified: false }, false],
    [{ email: 'ann@example.org', email_verified: 'true' }, false],
    [{ email: 'ann@example.org' }, false],
    [{ email: 'ann@evil-example.org', email_verified: true }, false],
    [{ email: 'ann@example.org.evil.test', email_verified: true }, false],
    [{ email: 'ann@example.org@evil.test', email_verified: true }, false],
    [{ email_verified: true }, false],
  ])('judge %j: %s', (claims, allowed) => {
    expect(isOfAllowedDomain(claims, settings)).toBe(allowed)
  })
})

describe('the name for a new account', () => {
  it.each<readonly [Claims, string[]]>([
    [
      { preferred_username: 'ann', email: 'ann@example.org', email_verified: true },
      ['ann', 'ann@example.org'],
    ],
    [{ preferred_username: 'ann', email: 'ann@example.org' }, ['ann']],
    [{ preferred_username: '../admin' }, []],
    [{ preferred_username: 7 }, []],
  ])('%j: %j', (claims, names) => {
    expect(namesOfClaims(claims)).toEqual(names)
  })
})

describe('the environment of OIDC', () => {
  function read(environment: Record<string, string>): {
    settings: OidcSettings | undefined
    problems: string[]
  } {
    const problems: string[] = []
    const settings = readOidc({
      read: (name) => environment[name],
      readFile: (path) => {
        if (path === '/run/secrets/oidc') return 'from-a-file\n'
        throw new Error(`ENOENT ${path}`)
      },
      problems,
    })
    return { settings, problems }
  }
  const REQUIRED = {
    CORESHIFT_OIDC_ISSUER: 'https://login.example.org',
    CORESHIFT_OIDC_CLIENT_ID: 'coreshift',
    CORESHIFT_PUBLIC_URL: 'https://coreshift.example.org',
  }

  it('is nothing without an issuer', () => {
    expect(read({ CORESHIFT_OIDC_CLIENT_ID: 'x' })).toEqual({ settings: undefined, problems: [] })
  })

  it('has defaults, and the secret from a file', () => {
    const { settings, problems } = read({
      ...REQUIRED,
      CORESHIFT_OIDC_CLIENT_SECRET_FILE: '/run/secrets/oidc',
    })
    expect(problems).toEqual([])
    expect(settings).toMatchObject({
      clientSecret: 'from-a-file',
      scopes: ['openid', 'profile', 'email'],
      defaultRole: 'viewer',
    })
  })

  it('maps values to roles', () => {
    const { settings } = read({
      ...REQUIRED,
      CORESHIFT_OIDC_ROLE_CLAIM: 'groups',
      CORESHIFT_OIDC_ROLES: 'cn=vm,ou=x=admin; ops=operator',
      CORESHIFT_OIDC_DEFAULT_ROLE: 'none',
    })
    expect([...(settings?.roles ?? [])]).toEqual([
      ['cn=vm,ou=x', 'admin'],
      ['ops', 'operator'],
    ])
    expect(settings).not.toHaveProperty('defaultRole')
  })

  it.each([
    [{ CORESHIFT_OIDC_ISSUER: 'http://login.example.org' }, /https address/],
    [{ CORESHIFT_OIDC_CLIENT_ID: '' }, /CLIENT_ID is missing/],
    [{ CORESHIFT_PUBLIC_URL: '' }, /PUBLIC_URL is missing/],
    [{ CORESHIFT_OIDC_ROLES: 'a=admin' }, /ROLE_CLAIM is missing/],
    [{ CORESHIFT_OIDC_ROLE_CLAIM: 'g', CORESHIFT_OIDC_ROLES: 'admin' }, /value=role/],
    [{ CORESHIFT_OIDC_DEFAULT_ROLE: 'boss' }, /has to be one of/],
    [{ CORESHIFT_OIDC_SCOPES: 'profile' }, /contain openid/],
    [{ CORESHIFT_OIDC_CLIENT_SECRET_FILE: '/nowhere' }, /cannot be read/],
  ])('names the mistake in %j', (changes, problem) => {
    const environment = Object.fromEntries(
      Object.entries({ ...REQUIRED, ...changes }).filter(([, value]) => value !== ''),
    )
    expect(read(environment).problems.join('\n')).toMatch(problem)
  })
})
