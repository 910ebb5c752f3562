import { DEFAULT_POLICIES } from '@coreshift/shared'
import { HOSTS, VIEWER, fleetOf } from './fixtures.ts'
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
    server: (_, path) => ({ json: path === '/hooks' ? { items: [] } : SETTINGS }),
  },
  'settings-with-exceptions': {
    path: '/settings',
    live: { hosts: { hosts: HOSTS }, fleet: { vms: fleetOf(3) } },
    server: (_, path) => ({
      json:
        path === '/hooks'
          ? {
              folder: '/etc/coreshift/hooks',
              items: [
                { moment: 'before-resize', name: '10-balloon' },
                { moment: 'after-resize', name: '90-tell-chat' },
              ],
            }
          : {
              ...SETTINGS,
              unplugDisabledHosts: ['h2'],
              hostPolicies: { h1: 'background' },
              vmPolicies: { '00000000-0000-4000-8000-000000000002': 'strict' },
              shrinkGuard: 'acknowledge',
              twoFactorRequired: true,
              auditRetentionDays: 400,
            },
    }),
  },
  'settings-loading': { path: '/settings', server: () => ({ never: true }) },
  'settings-viewer': {
    path: '/settings',
    server: (_, path) => ({ json: path === '/hooks' ? { items: [] } : SETTINGS }),
    session: VIEWER,
  },
  'settings-failed': { path: '/settings', server: () => ({ unreachable: true }) },
}
