import { HOSTS, VIEWER } from './fixtures.ts'
import type { Stories } from './story.ts'

export const HOST_STORIES: Stories = {
  hosts: { path: '/hosts', live: { hosts: { hosts: HOSTS } } },
  'hosts-empty': { path: '/hosts', live: { hosts: { hosts: [] } } },
  'hosts-viewer': {
    path: '/hosts',
    live: { hosts: { hosts: HOSTS } },
    session: VIEWER,
  },
}
