import { NOBODY } from './fixtures.ts'
import type { Stories } from './story.ts'

export const ENTRY_STORIES: Stories = {
  'sign-in': { path: '/sign-in', session: NOBODY },
  'sign-in-provider': {
    path: '/sign-in',
    session: NOBODY,
    server: () => ({
      json: { password: true, oidc: { name: 'Example ID', href: '/api/v1/oidc/sign-in' }, firstRun: false },
    }),
  },
  'sign-in-ended': {
    path: '/sign-in?ended=true',
    session: NOBODY,
  },
  'sign-in-no-account': { path: '/sign-in', session: { ...NOBODY, firstRun: true } },
  'first-run': { path: '/first-run?token=abc', session: { ...NOBODY, firstRun: true } },
  'no-such-page': { path: '/nowhere' },
}
