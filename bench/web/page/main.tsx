import { createMemoryHistory } from '@tanstack/react-router'
import { createRoot } from 'react-dom/client'
import { App, createApp, createQueryClient } from '../../../apps/web/src/app/app.tsx'
import { createHttpClient } from '../../../apps/web/src/data/http-client.ts'
import { SESSION_KEY } from '../../../apps/web/src/data/session-query.ts'
import { beforeNextPaint } from '../../../apps/web/src/live/frame-batch.ts'
import { connectLiveCache } from '../../../apps/web/src/live/live-cache.ts'
import { createServerClock } from '../../../apps/web/src/ui/clock.tsx'
import '../../../apps/web/src/ui/styles/index.css'
import { SESSION, fleetOf, vmWith } from '../../../apps/web/stories/fixtures.ts'
import { createScriptedFeed } from './scripted-feed.ts'

// The page as it is, with a feed in place of the socket that does what the measurement says.

const parameters = new URLSearchParams(location.search)
const machines = Number(parameters.get('machines') ?? 0)
const vcpus = Number(parameters.get('vcpus') ?? 0)

const giant = vmWith({
  name: 'giant',
  topology: { sockets: Math.max(1, vcpus / 64), dies: 1, clusters: 1, cores: 32, threads: 2 },
  present: vcpus,
  fixed: 64,
})

const queryClient = createQueryClient()
queryClient.setQueryData(SESSION_KEY, SESSION)
const feed = createScriptedFeed({
  fleet: () => ({ vms: fleetOf(machines) }),
  [`vm:${giant.uuid}`]: () => ({ vm: giant, history: [] }),
  hosts: () => ({ hosts: [] }),
})
connectLiveCache({
  queryClient,
  port: feed.port,
  schedule: beforeNextPaint,
  later: (task, ms) => {
    const timer = setTimeout(task, ms)
    return () => clearTimeout(timer)
  },
})

const container = document.getElementById('page')
if (!container) throw new Error('index.html has no element with the id "page"')
const app = createApp({
  queryClient,
  // Nothing here asks the server; a question would stay without an answer.
  http: createHttpClient({ fetch: () => new Promise(() => undefined) }),
  clock: createServerClock(),
  history: createMemoryHistory({ initialEntries: [vcpus > 0 ? `/vms/${giant.uuid}` : '/'] }),
})
createRoot(container).render(<App {...app} />)

Object.assign(globalThis, { feed, vmUuid: giant.uuid })
