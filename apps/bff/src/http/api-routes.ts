import type { Route } from './route.ts'
import { accountRoutes } from './routes/account-routes.ts'
import { auditRoutes } from './routes/audit-routes.ts'
import { demoRoutes } from './routes/demo-routes.ts'
import { guestOsRoutes } from './routes/guest-os-routes.ts'
import { hostRoutes } from './routes/host-routes.ts'
import { oidcRoutes } from './routes/oidc-routes.ts'
import { prepareRoutes } from './routes/prepare-routes.ts'
import { resizeRoutes } from './routes/resize-routes.ts'
import { sessionRoutes } from './routes/session-routes.ts'
import { settingsRoutes } from './routes/settings-routes.ts'
import { twoFactorRoutes } from './routes/two-factor-routes.ts'
import { vmRoutes } from './routes/vm-routes.ts'
import type { ApiServices } from './services.ts'

/** Everything below `/api/v1`: method, path, who may, and what it does. Nothing is served that is not in here. */
export function apiRoutes(services: ApiServices): readonly Route[] {
  return [
    ...sessionRoutes(services),
    ...twoFactorRoutes(services),
    ...oidcRoutes(services),
    ...vmRoutes(services),
    ...resizeRoutes(services),
    ...prepareRoutes(services),
    ...hostRoutes(services),
    ...auditRoutes(services),
    ...settingsRoutes(services),
    ...guestOsRoutes(services),
    ...accountRoutes(services),
    ...demoRoutes(services),
  ]
}
