import { QueryClient, QueryClientProvider, notifyManager } from '@tanstack/react-query'
import { RouterProvider, type RouterHistory } from '@tanstack/react-router'
import { isWorthAnotherTry } from '../data/api-failure.ts'
import type { HttpClient } from '../data/http-client.ts'
import { HttpProvider } from '../data/services.tsx'
import { ClockProvider, type Clock } from '../ui/clock.tsx'
import { useColorScheme } from '../ui/color-scheme.ts'
import { createAppRouter, type AppRouter } from './router.tsx'

const RETRIES = 2

// The query cache tells its readers in a timer of its own by default: what came before a frame would be shown in the
// next one.
notifyManager.setScheduler(queueMicrotask)

export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        // The server is often on this machine or network: the browser's "offline" says nothing about it.
        networkMode: 'always',
        refetchOnWindowFocus: false,
        retry: (failures, error) => failures < RETRIES && isWorthAnotherTry(error),
      },
      mutations: { networkMode: 'always' },
    },
  })
}

interface AppParts {
  readonly queryClient: QueryClient
  readonly http: HttpClient
  readonly clock: Clock
  readonly router: AppRouter
}

export function App({ queryClient, http, clock, router }: AppParts) {
  useColorScheme()
  return (
    <QueryClientProvider client={queryClient}>
      <HttpProvider http={http}>
        <ClockProvider clock={clock}>
          <RouterProvider router={router} />
        </ClockProvider>
      </HttpProvider>
    </QueryClientProvider>
  )
}

/** The page from its parts; the browser and the stories give different ones. */
export function createApp(parts: Omit<AppParts, 'router'> & { history: RouterHistory }): AppParts {
  return {
    ...parts,
    router: createAppRouter({ queryClient: parts.queryClient, http: parts.http }, parts.history),
  }
}
