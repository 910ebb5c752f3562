import { HookList, Settings } from '@coreshift/shared/contract'
import { route, type Route } from '../route.ts'
import type { ApiServices } from '../services.ts'

export function settingsRoutes({ settings, hooks }: ApiServices): Route[] {
  const answers = { 200: { description: 'The settings in force', schema: Settings } }
  return [
    route({
      method: 'GET',
      path: '/settings',
      access: 'see-settings',
      summary: 'The settings in force',
      answers,
      handle: () => Promise.resolve({ status: 200, body: settings.current() }),
    }),
    route({
      method: 'PUT',
      path: '/settings',
      access: 'manage-settings',
      summary: 'Replaces the settings; audited with the values before and after',
      body: Settings,
      answers,
      handle: async ({ body, actor, requestId }) => ({
        status: 200,
        body: await settings.replace(body, actor(), requestId),
      }),
    }),
    route({
      method: 'GET',
      path: '/hooks',
      access: 'see-settings',
      summary: 'Executables that run before and after each resize',
      answers: { 200: { description: 'What would run now, in order', schema: HookList } },
      handle: async () => ({ status: 200, body: (await hooks?.list()) ?? { items: [] } }),
    }),
  ]
}
