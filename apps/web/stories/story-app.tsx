import { createMemoryHistory } from '@tanstack/react-router'
import { App, createApp, createQueryClient } from '../src/app/app.tsx'
import { createHttpClient } from '../src/data/http-client.ts'
import type { Clock } from '../src/ui/clock.tsx'
import { NOW } from './fixtures.ts'
import { fetchOf, seed, type Story } from './story.ts'

/** Time stands still in stories, so that a picture is the same each time. */
const stoppedClock: Clock = { now: () => NOW, subscribe: () => () => undefined }

/** The whole page in one state, without a server. */
export function appOf(story: Story) {
  const queryClient = createQueryClient()
  queryClient.setDefaultOptions({ queries: { ...queryClient.getDefaultOptions().queries, retry: false } })
  seed(story, queryClient)
  const history = createMemoryHistory({ initialEntries: [story.path] })
  const app = createApp({
    queryClient,
    http: createHttpClient({ fetch: fetchOf(story) }),
    clock: stoppedClock,
    history,
  })
  return { ...app, element: <App {...app} /> }
}
