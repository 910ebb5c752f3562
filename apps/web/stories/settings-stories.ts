import { DEFAULT_POLICIES } from '@coreshift/shared'
import { HOSTS, VIEWER } from './fixtures.ts'
import type { Stories } from './story.ts'

export const SETTINGS = {
  unplugEnabled: true,
  unplugDisabledHosts: [],
  unplugDisabledVms: [],
  pinnedRemovalAllowed: false,
  hostCpuLimit: 'enforce',
  policies: DEFAULT_POLICIES,
  defaultPolicy: 'interactive',
}

export const SETTINGS_STORIES: Stories = {
  settings: {
    path: '/settings',
    live: { hosts: { hosts: HOSTS } },
    server: () => ({ json: SETTINGS }),
  },
  'settings-viewer': {
    path: '/settings',
    server: () => ({ json: SETTINGS }),
    session: VIEWER,
  },
  'settings-failed': { path: '/settings', server: () => ({ unreachable: true }) },
}
