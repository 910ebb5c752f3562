import { HOSTS, NOBODY, SESSION, ago } from './fixtures.ts'
import { problemBody, type Stories } from './story.ts'

const USERS = [
  {
    id: 'u1',
    name: 'ann',
    role: 'admin',
    createdAt: ago(900_000),
    disabled: false,
    source: 'password',
    twoFactor: true,
  },
  {
    id: 'u2',
    name: 'vic',
    role: 'viewer',
    limitedTo: { hosts: ['h1', 'h2'], vmNames: 'web-*' },
    createdAt: ago(800_000),
    disabled: false,
    source: 'oidc',
    twoFactor: false,
  },
  {
    id: 'u3',
    name: 'old-colleague',
    role: 'operator',
    createdAt: ago(9_000_000),
    disabled: true,
    source: 'password',
    twoFactor: false,
  },
]

const TOKENS = [
  { id: 't1', name: 'nightly-report', role: 'viewer', createdAt: ago(90_000), lastUsedAt: ago(60) },
  {
    id: 't2',
    name: 'scaler',
    role: 'operator',
    limitedTo: { vmNames: 'batch-*' },
    createdAt: ago(9_000_000),
    expiresAt: ago(3_600),
  },
]

const SESSIONS = [
  {
    id: 's1',
    createdAt: ago(3_600),
    expiresAt: ago(-600_000),
    current: true,
    address: '10.0.0.7',
    userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:147.0) Gecko/20100101 Firefox/147.0',
  },
  { id: 's2', createdAt: ago(200_000), expiresAt: ago(-400_000), current: false },
]

const STATUS = { available: true, enabled: false, required: false, recoveryCodesLeft: 0 }

function accountsServer(status: object = STATUS) {
  return (_: string, path: string) => {
    if (path.startsWith('/users?')) return { json: { items: USERS } }
    if (path === '/two-factor') return { json: status }
    if (path.endsWith('/sessions')) return { json: { items: SESSIONS } }
    return { json: { items: TOKENS } }
  }
}

const live = { hosts: { hosts: HOSTS } }

export const ACCESS_STORIES: Stories = {
  users: { path: '/users', live, server: accountsServer() },
  'users-loading': { path: '/users', live, server: () => ({ never: true }) },
  'users-very-many': {
    path: '/users',
    live,
    server: (_, path) => ({
      json: {
        items: path.startsWith('/users?')
          ? Array.from({ length: 150 }, (_, n) => ({ ...USERS[n % 3], id: `m${n}`, name: `person-${n}` }))
          : [],
      },
    }),
  },
  'users-not-permitted': {
    path: '/users',
    server: () => problemBody(403, 'not-permitted', 'This needs the role admin.', 'Not permitted'),
  },
  account: { path: '/account', live, server: accountsServer() },
  'account-second-step-on': {
    path: '/account',
    live,
    server: accountsServer({ available: true, enabled: true, required: true, recoveryCodesLeft: 2 }),
  },
  'account-elsewhere': {
    path: '/account',
    live,
    session: { ...SESSION, user: { id: 'u2', name: 'vic', role: 'viewer', limitedTo: { vmNames: 'web-*' } } },
    server: accountsServer({ available: false, enabled: false, required: false, recoveryCodesLeft: 0 }),
  },
  'account-unreachable': { path: '/account', live, server: () => ({ unreachable: true }) },
  'must-set-up-authenticator': {
    path: '/authenticator',
    session: { ...NOBODY, user: { id: 'u2', name: 'vic', role: 'viewer' }, pending: 'two-factor-enrolment' },
  },
}
