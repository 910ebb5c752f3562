import { z } from 'zod'
import { Host, HostInput, HostList, HostPatch, HostTestResult } from '@coreshift/shared/contract'
import { pageOf, PageQuery, type ListOrder } from '../list-page.ts'
import { route, type Route } from '../route.ts'
import type { ApiServices } from '../services.ts'

const HostParams = z.object({ id: z.string().min(1).max(200) })

const BY_NAME: ListOrder<Host> = { placeOf: ({ name, id }) => [name, id] }

export function hostRoutes({ hosts }: ApiServices): Route[] {
  return [
    route({
      method: 'GET',
      path: '/hosts',
      access: 'see-hosts',
      summary: 'Hosts and how they are connected, by name',
      query: PageQuery,
      answers: { 200: { description: 'One page', schema: HostList } },
      handle: ({ query }) => Promise.resolve({ status: 200, body: pageOf(hosts.list(), BY_NAME, query) }),
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
      method: 'PATCH',
      path: '/hosts/:id',
      access: 'manage-hosts',
      summary:
        'Changes the name and password for its daemon, which no answer shows, and connects anew with them',
      params: HostParams,
      body: HostPatch,
      answers: { 200: { description: 'Changed; the host says whether it connects', schema: Host } },
      handle: async ({ params, body, actor }) => ({
        status: 200,
        body: await hosts.changeCredentials(params.id, body.credentials, actor()),
      }),
    }),
    route({
      method: 'DELETE',
      path: '/hosts/:id',
      access: 'manage-hosts',
      summary: 'Disconnects and forgets a host; its VMs stay as they are',
      params: HostParams,
      answers: { 204: { description: 'Removed' } },
      handle: async ({ params, actor }) => {
        await hosts.remove(params.id, actor())
        return { status: 204 }
      },
    }),
  ]
}
