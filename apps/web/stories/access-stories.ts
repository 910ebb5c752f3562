import { ago } from './fixtures.ts'
import { problemBody, type Stories } from './story.ts'

function accountsServer(_: string, path: string) {
  if (path === '/users') {
    return {
      json: {
        items: [
          { id: 'u1', name: 'ann', role: 'admin', createdAt: ago(900_000), disabled: false, source: 'password', twoFactor: false },
          { id: 'u2', name: 'vic', role: 'viewer', createdAt: ago(800_000), disabled: false, source: 'password', twoFactor: false },
          { id: 'u3', name: 'old-colleague', role: 'operator', createdAt: ago(9_000_000), disabled: true, source: 'password', twoFactor: false },
        ],
      },
    }
  }
  return {
    json: {
      items: [
        { id: 't1', name: 'nightly-report', role: 'viewer', createdAt: ago(90_000), lastUsedAt: ago(60) },
      ],
    },
  }
}

export const ACCESS_STORIES: Stories = {
  users: { path: '/users', server: accountsServer },
  'users-not-permitted': {
    path: '/users',
    server: () => problemBody(403, 'not-permitted', 'This needs the role admin.', 'Not permitted'),
  },
}
