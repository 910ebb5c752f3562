import type { Operation, PrepareInput, ResizePlan, ResizeRequestInput, Vm } from '@coreshift/shared/contract'
import { ago, historyOf, optionsFor, planFor } from './fixtures.ts'
import { GUEST_OS } from './guest-os-fixture.ts'
import { forecastFor, preparePlanFor } from './prepare-fixture.ts'
import { SETTINGS } from './settings-stories.ts'
import { problemBody, type Answer, type Story } from './story.ts'

/** The plan that goes with the request; one that replaces a running resize is merged with it. */
function planOf(vm: Vm, request: ResizeRequestInput): ResizePlan {
  const plan = planFor(vm, request.sockets ?? 3)
  if (!request.replaces) return plan
  return {
    ...plan,
    changeOfMind: {
      replaces: request.replaces,
      requestedBy: 'ann',
      since: ago(12.4),
      avoidable: [],
      committed: [],
      addBackIfGone: [4, 5],
      addBack: [6, 7],
      removeToo: [],
      addToo: [],
      sentences: [
        'vCPU 6-7 are gone already and are added again.',
        'The guest was asked for vCPU 4-5: they stay if it refuses, and are added again if they go.',
      ],
    },
  }
}

/** The server of a story about one machine: it shows everything and changes nothing. */
function vmServer(vm: Vm): NonNullable<Story['server']> {
  return (method, path, body): Answer | undefined => {
    if (path.endsWith('/sockets-options')) return { json: optionsFor(vm) }
    if (path.endsWith('/resizes?dryRun=1')) return { json: planOf(vm, body as ResizeRequestInput) }
    if (path.endsWith('/forecast')) return { json: forecastFor(vm) }
    if (path.endsWith('/prepare?dryRun=1') || (path.endsWith('/prepare') && method === 'POST')) {
      return { json: preparePlanFor(vm, (body as PrepareInput | undefined)?.socketsMax) }
    }
    if (path.includes('/prepare') && method === 'DELETE') return { json: { xml: preparePlanFor(vm).xml } }
    if (path === '/guest-os-matrix') return { json: GUEST_OS }
    if (path === '/settings') return { json: SETTINGS }
    if (path.endsWith('/topology')) {
      return {
        json: {
          hypervisor: { topology: vm.topology, vcpus: vm.vcpus },
          guest: { source: 'agent', vcpus: '0-7', online: '0-5', offlinable: '1-7', readAt: ago(2) },
        },
      }
    }
    if (method === 'PATCH') return { json: { vm, description: { ok: true }, guestOs: { ok: true } } }
    if (method === 'POST') return problemBody(409, 'conflict', 'The story does not resize.')
    return undefined
  }
}

export function vmStory(vm: Vm, operation?: Operation, over: Partial<Story> = {}): Story {
  return {
    path: `/vms/${vm.uuid}`,
    live: { [`vm:${vm.uuid}`]: { vm, ...(operation ? { operation } : {}), history: historyOf() } },
    server: vmServer(vm),
    ...over,
  }
}

/** The same story with another part of the page open, as the address says it. */
export function at(story: Story, search: string): Story {
  return { ...story, path: `${story.path}?${search}` }
}

/** The same story with a server that answers some requests otherwise. */
export function answering(
  story: Story,
  answers: (method: string, path: string) => Answer | undefined,
): Story {
  return {
    ...story,
    server: (method, path, body) => answers(method, path) ?? story.server?.(method, path, body),
  }
}
