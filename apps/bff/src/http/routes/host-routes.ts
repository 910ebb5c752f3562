import { z } from 'zod'
import { Host, HostInput, HostList, HostTestResult } from '@coreshift/shared/contract'
import { route, type Route } from '../route.ts'
import type { ApiServices } from '../services.ts'

export function hostRoutes({ hosts }: ApiServices): Route[] {
  return [
    route({
      method: 'GET',
      path: '/hosts',
      access: 'see-hosts',
      summary: 'Hosts and how they are connected',
      answers: { 200: { description: 'All hosts', schema: HostList } },
      handle: () => Promise.resolve({ status: 200, body: { items: hosts.list() } }),
    }),
    route({
      method: 'POST',
      path: '/hosts',
      access: 'manage-hosts',
      summary: 'Adds a host and starts connecting',
      body: HostInput,
      answers: { 201: { description: 'Added', schema: Host } },
      handle: async ({ body, actor }) => ({ status: 201, body: await hosts.add(body, actor()) }),
    }),
    route({
      method: 'POST',
      path: '/hosts/test',
      access: 'manage-hosts',
      summary: 'Tries to connect without adding anything',
      body: HostInput,
      answers: { 200: { description: 'What was found', schema: HostTestResult } },
      handle: async ({ body }) => ({ status: 200, body: await hosts.test(body) }),
    }),
    route({
      method: 'DELETE',
      path: '/hosts/:id',
      access: 'manage-hosts',
      summary: 'Disconnects and forgets a host; its VMs stay as they are',
      params: z.object({ id: z.string().min(1).max(200) }),
      answers: { 204: { description: 'Removed' } },
      handle: async ({ params, actor }) => {
        await hosts.remove(params.id, actor())
        return { status: 204 }
      },
    }),
  ]
}
