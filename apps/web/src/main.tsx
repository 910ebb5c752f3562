import { createBrowserHistory } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import type { Session } from '@coreshift/shared/contract'
import './ui/styles/index.css'
import { App, createApp, createQueryClient } from './app/app.tsx'
import { createHttpClient } from './data/http-client.ts'
import { SESSION_KEY } from './data/session-query.ts'
import { CONNECTION_KEY } from './live/connection.ts'
import { beforeNextPaint } from './live/frame-batch.ts'
import { connectLiveCache } from './live/live-cache.ts'
import { createLiveSocket } from './live/live-socket.ts'
import { createServerClock } from './ui/clock.tsx'

const container = document.getElementById('page')
if (!container) throw new Error('index.html has no element with the id "page"')

const queryClient = createQueryClient()
const clock = createServerClock()
const http = createHttpClient({
  fetch: (path, init) => fetch(path, init),
  onServerTime: clock.observe,
  onUnauthenticated: () => endSession(),
})
const app = createApp({ queryClient, http, clock, history: createBrowserHistory() })
const socket = createLiveSocket({
  now: clock.exactNow,
  onSessionDoubt: () => void queryClient.invalidateQueries({ queryKey: SESSION_KEY, refetchType: 'all' }),
})

connectLiveCache({
  queryClient,
  port: socket,
  schedule: beforeNextPaint,
  later: (task, ms) => {
    const timer = setTimeout(task, ms)
    return () => clearTimeout(timer)
  },
})

function endSession(): void {
  queryClient.setQueryData<Session>(SESSION_KEY, (session) => {
    if (!session?.user) return session
    const { user: _, ...rest } = session
    return rest
  })
}

let signedInAs: string | undefined
// The live connection belongs to the session, whoever changed it: sign-in, sign-out, or the server.
queryClient.getQueryCache().subscribe((event) => {
  if (event.query.queryKey[0] !== SESSION_KEY[0] || event.type !== 'updated') return
  const session = queryClient.getQueryData<Session>(SESSION_KEY)
  // Who still has to set up an authenticator may not listen yet.
  const user = session?.pending === undefined ? session?.user?.id : undefined
  if (!session || user === signedInAs) return
  const before = signedInAs
  signedInAs = user
  socket.close()
  if (signedInAs !== undefined) socket.open()
  else if (before !== undefined) leave()
})

function leave(): void {
  const { pathname, href } = app.router.state.location
  if (pathname === '/sign-in') return
  // An unsent draft cannot be sent any more: asking about it would only stand before the sign-in.
  const signIn = { to: '/sign-in', search: { to: href, ended: true }, ignoreBlocker: true } as const
  void app.router.navigate(signIn).then(forgetData)
}

/** Nothing that one person has seen is left for the next one who signs in. */
function forgetData(): void {
  const kept = [SESSION_KEY[0], CONNECTION_KEY[0]]
  queryClient.removeQueries({ predicate: ({ queryKey }) => !kept.some((key) => key === queryKey[0]) })
}

createRoot(container).render(
  <StrictMode>
    <App {...app} />
  </StrictMode>,
)
