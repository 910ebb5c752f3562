import { NOBODY } from './fixtures.ts'
import type { Stories } from './story.ts'

export const ENTRY_STORIES: Stories = {
  'sign-in': { path: '/sign-in', session: NOBODY },
  'sign-in-ended': {
    path: '/sign-in?ended=true',
    session: NOBODY,
  },
  'sign-in-no-account': { path: '/sign-in', session: { ...NOBODY, firstRun: true } },
  'first-run': { path: '/first-run?token=abc', session: { ...NOBODY, firstRun: true } },
  'no-such-page': { path: '/nowhere' },
}
