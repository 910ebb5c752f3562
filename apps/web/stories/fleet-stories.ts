import { WatchRefused } from '../src/live/watch-refused.ts'
import { NOW, fleetOf } from './fixtures.ts'
import type { Stories } from './story.ts'

export const FLEET_STORIES: Stories = {
  fleet: { path: '/', live: { fleet: { vms: fleetOf(40) } } },
  'fleet-loading': { path: '/', live: {} },
  'fleet-empty': { path: '/', live: { fleet: { vms: [] } } },
  'fleet-nothing-matches': { path: '/?q=nothing-like-this', live: { fleet: { vms: fleetOf(40) } } },
  'fleet-attention': { path: '/?sort=attention', live: { fleet: { vms: fleetOf(200) } } },
  'fleet-very-many': { path: '/', live: { fleet: { vms: fleetOf(10_000) } } },
  'fleet-refused': {
    path: '/',
    liveAnswer: new WatchRefused({
      ok: false,
      topic: 'fleet',
      code: 'internal-error',
      message: 'The server could not read its store.',
    }),
  },
  'fleet-connection-lost': {
    path: '/',
    live: { fleet: { vms: fleetOf(40) } },
    connection: { state: 'lost', since: NOW - 14_000, cause: 'transport close' },
  },
}
