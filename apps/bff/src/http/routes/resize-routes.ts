import { z } from 'zod'
import { Operation, OperationList, ResizePlan, ResizeRequest, Uuid } from '@coreshift/shared/contract'
import { Failure } from '../../failure.ts'
import { cutPage, pageOf, PageQuery, placeOfCursor, type ListOrder } from '../list-page.ts'
import { requireMatch } from '../request-headers.ts'
import { route, type Reply, type Route } from '../route.ts'
import { socketsReasons } from '../sockets-reasons.ts'
import type { ApiServices } from '../services.ts'
import { VmParams } from './vm-routes.ts'

const OperationParams = z.object({ id: Uuid })

const ResizeQuery = z
  .object({ dryRun: z.enum(['0', '1']).optional().describe('1: the plan only, nothing is changed') })
  .strict()

const OLDEST_FIRST: ListOrder<Operation> = { placeOf: ({ createdAt, id }) => [createdAt, id] }

/** A body that says nothing; clients may send an empty object. */
const NoBody = z.object({}).strict().optional()

const accepted = (operation: Operation): Reply => ({
  status: 202,
  body: operation,
  headers: { Location: `/api/v1/resizes/${operation.id}` },
})

export function resizeRoutes({ vms, desk, resizeKeys }: ApiServices): Route[] {
  function existingVm(uuid: string): string {
    if (!vms.summary(uuid)) throw new Failure('not-found', `There is no VM ${uuid}.`)
    return uuid
  }
  const started = {
    202: { description: 'Stored and started; `Location` is where to follow it', schema: Operation },
  }

  return [
    route({
      method: 'GET',
      path: '/vms/:uuid/resizes',
      access: 'see-resizes',
      summary: 'Resizes of a VM, newest first',
      params: VmParams,
      query: PageQuery,
      answers: { 200: { description: 'One page', schema: OperationList } },
      handle: async ({ params, query: { cursor, limit } }) => {
        const place = cursor === undefined ? undefined : placeOfCursor(cursor)
        const found = await desk.listForVm(existingVm(params.uuid), {
          limit: limit + 1,
          ...(place === undefined ? {} : { before: { createdAt: place[0], id: place[1] } }),
        })
        return { status: 200, body: { ...cutPage(found, OLDEST_FIRST.placeOf, limit), rev: vms.rev } }
      },
    }),
    route({
      method: 'POST',
      path: '/vms/:uuid/resizes',
      access: 'resize-vm',
      summary: 'Changes the number of sockets, or removes chosen vCPUs',
      params: VmParams,
      query: ResizeQuery,
      body: ResizeRequest,
      headers: ['ifMatch', 'idempotencyKey'],
      reasonsForInvalid: socketsReasons,
      answers: { 200: { description: 'With `dryRun=1`: what it would do', schema: ResizePlan }, ...started },
      handle: async ({ params, query, body, headers, actor, requestId }) => {
        const vm = vms.summary(params.uuid)
        if (!vm) throw new Failure('not-found', `There is no VM ${params.uuid}.`)
        const { uuid } = vm
        if (query.dryRun === '1') {
          requireMatch(headers.ifMatch, vm)
          return { status: 200, body: await desk.plan(uuid, body, actor()) }
        }
        const { idempotencyKey: key } = headers
        if (key === undefined) {
          requireMatch(headers.ifMatch, vm)
          return accepted(await desk.request(uuid, body, actor(), requestId))
        }
        const keyed = { key, vm: uuid, request: body, actor: actor(), requestId }
        // A repetition is answered as it was, although the VM changed by what it started.
        const guarded = {
          find: (id: string) => desk.find(id),
          request: (...wish: Parameters<typeof desk.request>) => {
            // As it is now: the key was looked up meanwhile.
            requireMatch(headers.ifMatch, vms.summary(uuid) ?? vm)
            return desk.request(...wish)
          },
        }
        return accepted((await resizeKeys.request(guarded, keyed)).operation)
      },
    }),
    route({
      method: 'GET',
      path: '/resizes',
      access: 'see-resizes',
      summary: 'Open resizes of all VMs, oldest first',
      query: PageQuery,
      answers: { 200: { description: 'One page of everything that is open', schema: OperationList } },
      handle: ({ query }) =>
        Promise.resolve({
          status: 200,
          body: { ...pageOf(desk.listOpen(), OLDEST_FIRST, query), rev: vms.rev },
        }),
    }),
    route({
      method: 'GET',
      path: '/resizes/:id',
      access: 'see-resizes',
      summary: 'One resize with every step',
      params: OperationParams,
      answers: { 200: { description: 'The operation', schema: Operation } },
      handle: async ({ params }) => {
        const operation = await desk.find(params.id)
        if (!operation) throw new Failure('not-found', `There is no resize ${params.id}.`)
        return { status: 200, body: operation }
      },
    }),
    route({
      method: 'POST',
      path: '/resizes/:id/retry',
      access: 'resize-vm',
      summary: 'Asks the guest again now',
      params: OperationParams,
      body: NoBody,
      answers: started,
      handle: async ({ params, actor }) => accepted(await desk.retry(params.id, actor())),
    }),
    route({
      method: 'POST',
      path: '/resizes/:id/abandon',
      access: 'resize-vm',
      summary: 'Stops waiting; a completion that comes later is still recorded',
      params: OperationParams,
      body: NoBody,
      answers: { 200: { description: 'The ended operation', schema: Operation } },
      handle: async ({ params, actor }) => ({ status: 200, body: await desk.abandon(params.id, actor()) }),
    }),
    route({
      method: 'PUT',
      path: '/resizes/:id/tell-me',
      access: 'see-resizes',
      summary: 'Has you told on the live view (`notice`) when it is overdue and when it ends',
      params: OperationParams,
      body: NoBody,
      answers: { 200: { description: 'The operation, with who is told', schema: Operation } },
      handle: async ({ params, actor }) => ({
        status: 200,
        body: await desk.tell(params.id, actor(), true),
      }),
    }),
    route({
      method: 'DELETE',
      path: '/resizes/:id/tell-me',
      access: 'see-resizes',
      summary: 'You are not told of it any more',
      params: OperationParams,
      answers: { 200: { description: 'The operation, with who is told', schema: Operation } },
      handle: async ({ params, actor }) => ({
        status: 200,
        body: await desk.tell(params.id, actor(), false),
      }),
    }),
  ]
}
