import type { QueryClient } from '@tanstack/react-query'
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
  type RouterHistory,
} from '@tanstack/react-router'
import type { HttpClient } from '../data/http-client.ts'
import { sessionQuery } from '../data/session-query.ts'
import { readAuditSearch } from '../features/audit/audit-search.ts'
import { readFleetSearch } from '../features/fleet/fleet-search.ts'
import { readGuestOsSearch } from '../features/guest-os/guest-os-search.ts'
import { readVmSearch } from '../features/vm/vm-search.ts'
import { searchText } from '../ui/search-text.ts'
import { BrokenScreen, LoadingScreen, MissingScreen } from './failure-screens.tsx'
import { Shell } from './shell.tsx'

interface RouterContext {
  readonly queryClient: QueryClient
  readonly http: HttpClient
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** Only addresses of this page: a link must not send anyone elsewhere after sign-in. */
function ownAddress(value: unknown): string | undefined {
  const address = text(value)
  return address && /^\/(?![/\\])/.test(address) ? address : undefined
}

const root = createRootRouteWithContext<RouterContext>()({
  beforeLoad: ({ context }) => context.queryClient.ensureQueryData(sessionQuery(context.http)),
  notFoundComponent: MissingScreen,
})

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: (search: Record<string, unknown>): { to?: string; ended?: true } => {
    const to = ownAddress(search['to'])
    return { ...(to ? { to } : {}), ...(search['ended'] === true ? { ended: true } : {}) }
  },
  component: lazyRouteComponent(() => import('../features/sign-in/sign-in-page.tsx'), 'SignInPage'),
})

const firstRun = createRoute({
  getParentRoute: () => root,
  path: '/first-run',
  validateSearch: (search: Record<string, unknown>): { token?: string } => {
    const token = text(searchText(search['token']))
    return token ? { token } : {}
  },
  component: lazyRouteComponent(() => import('../features/first-run/first-run-page.tsx'), 'FirstRunPage'),
})

/** For an account that needs an authenticator and has none: nothing else works before. */
const mustEnrol = createRoute({
  getParentRoute: () => root,
  path: '/authenticator',
  beforeLoad: async ({ context }) => {
    const session = await context.queryClient.ensureQueryData(sessionQuery(context.http))
    if (session.pending !== 'two-factor-enrolment') throw redirect({ to: '/' })
  },
  component: lazyRouteComponent(() => import('../features/access/must-enrol-page.tsx'), 'MustEnrolPage'),
})

/** Everything that needs a signed-in person. */
const inside = createRoute({
  getParentRoute: () => root,
  id: 'inside',
  beforeLoad: async ({ context, location }) => {
    const session = await context.queryClient.ensureQueryData(sessionQuery(context.http))
    if (session.pending === 'two-factor-enrolment') throw redirect({ to: '/authenticator' })
    if (session.user) return
    throw redirect({ to: '/sign-in', search: location.href === '/' ? {} : { to: location.href } })
  },
  component: Shell,
})

const fleet = createRoute({
  getParentRoute: () => inside,
  path: '/',
  validateSearch: readFleetSearch,
  component: lazyRouteComponent(() => import('../features/fleet/fleet-page.tsx'), 'FleetPage'),
})

const vm = createRoute({
  getParentRoute: () => inside,
  path: '/vms/$uuid',
  validateSearch: readVmSearch,
  component: lazyRouteComponent(() => import('../features/vm/vm-page.tsx'), 'VmPage'),
})

const audit = createRoute({
  getParentRoute: () => inside,
  path: '/audit',
  validateSearch: readAuditSearch,
  component: lazyRouteComponent(() => import('../features/audit/audit-page.tsx'), 'AuditPage'),
})

const resizes = createRoute({
  getParentRoute: () => inside,
  path: '/resizes',
  component: lazyRouteComponent(() => import('../features/resizes/resizes-page.tsx'), 'ResizesPage'),
})

const operation = createRoute({
  getParentRoute: () => inside,
  path: '/resizes/$id',
  component: lazyRouteComponent(() => import('../features/resizes/operation-page.tsx'), 'OperationPage'),
})

const hosts = createRoute({
  getParentRoute: () => inside,
  path: '/hosts',
  component: lazyRouteComponent(() => import('../features/hosts/hosts-page.tsx'), 'HostsPage'),
})

const guestOs = createRoute({
  getParentRoute: () => inside,
  path: '/guest-os',
  validateSearch: readGuestOsSearch,
  component: lazyRouteComponent(() => import('../features/guest-os/guest-os-page.tsx'), 'GuestOsPage'),
})

const settings = createRoute({
  getParentRoute: () => inside,
  path: '/settings',
  component: lazyRouteComponent(() => import('../features/settings/settings-page.tsx'), 'SettingsPage'),
})

const users = createRoute({
  getParentRoute: () => inside,
  path: '/users',
  component: lazyRouteComponent(() => import('../features/access/access-page.tsx'), 'AccessPage'),
})

const account = createRoute({
  getParentRoute: () => inside,
  path: '/account',
  component: lazyRouteComponent(() => import('../features/access/account-page.tsx'), 'AccountPage'),
})

const routeTree = root.addChildren([
  signIn,
  firstRun,
  mustEnrol,
  inside.addChildren([fleet, vm, resizes, operation, audit, hosts, guestOs, settings, users, account]),
])

export function createAppRouter(context: RouterContext, history: RouterHistory) {
  return createRouter({
    routeTree,
    context,
    history,
    defaultPreload: 'intent',
    // Data live in the query cache; the router only loads code.
    defaultPreloadStaleTime: 0,
    defaultErrorComponent: BrokenScreen,
    defaultPendingComponent: LoadingScreen,
    defaultNotFoundComponent: MissingScreen,
    scrollRestoration: true,
  })
}

export type AppRouter = ReturnType<typeof createAppRouter>

declare module '@tanstack/react-router' {
  interface Register {
    router: AppRouter
  }
}
