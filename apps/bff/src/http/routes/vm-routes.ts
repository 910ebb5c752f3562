import { z } from 'zod'
import {
  Cursor,
  PageLimit,
  PowerInput,
  SocketsOptions,
  TopologyView,
  Uuid,
  Vm,
  VmChange,
  VmList,
  VmPatch,
} from '@coreshift/shared/contract'
import { VM_STATUSES } from '@coreshift/shared'
import { Failure } from '../../failure.ts'
import { pageOfVms } from '../vm-page.ts'
import { changeVm } from '../vm-change.ts'
import { requireMatch, vmTag } from '../request-headers.ts'
import { route, type Route } from '../route.ts'
import { socketsReasons } from '../sockets-reasons.ts'
import type { ApiServices } from '../services.ts'

export const VmParams = z.object({ uuid: Uuid })

const VmQuery = z
  .object({
    host: z.string().max(200).optional().describe('host id or name'),
    status: z.enum(VM_STATUSES).optional(),
    q: z.string().max(200).optional().describe('part of the name or title'),
    cursor: Cursor.optional(),
    limit: PageLimit,
  })
  .strict()

export function vmRoutes(services: ApiServices): Route[] {
  const { vms, desk } = services

  function existing(uuid: string): Vm {
    const vm = vms.get(uuid)
    if (!vm) throw new Failure('not-found', `There is no VM ${uuid}.`)
    return vm
  }

  return [
    route({
      method: 'GET',
      path: '/vms',
      access: 'see-vms',
      summary: 'VMs of all hosts, by name',
      query: VmQuery,
      answers: { 200: { description: 'One page', schema: VmList } },
      handle: ({ query }) => Promise.resolve({ status: 200, body: pageOfVms(vms, query) }),
    }),
    route({
      method: 'GET',
      path: '/vms/:uuid',
      access: 'see-vms',
      summary: 'One VM with every vCPU',
      params: VmParams,
      answers: { 200: { description: 'The VM', schema: Vm } },
      handle: ({ params }) => {
        const vm = existing(params.uuid)
        return Promise.resolve({ status: 200, body: vm, unchanging: true, headers: { ETag: vmTag(vm) } })
      },
    }),
    route({
      method: 'PATCH',
      path: '/vms/:uuid',
      access: 'describe-vm',
      summary:
        'Changes description, sockets or guest OS, each on its own: the description is saved even if the resize fails',
      params: VmParams,
      body: VmPatch,
      headers: ['ifMatch'],
      reasonsForInvalid: socketsReasons,
      answers: { 200: { description: 'One outcome for each member that was sent', schema: VmChange } },
      handle: async ({ params, body, headers, who, actor, requestId }) => {
        requireMatch(headers.ifMatch, existing(params.uuid))
        const change = await changeVm(services, existing, {
          uuid: params.uuid,
          patch: body,
          identity: who(),
          actor: actor(),
          requestId,
        })
        return { status: 200, body: change, headers: { ETag: vmTag(change.vm) } }
      },
    }),
    route({
      method: 'GET',
      path: '/vms/:uuid/sockets-options',
      access: 'see-vms',
      summary: 'Every number of sockets with the verdict on it, live and for the next boot',
      params: VmParams,
      answers: { 200: { description: 'Every value from 1 to the maximum', schema: SocketsOptions } },
      handle: ({ params }) =>
        Promise.resolve({
          status: 200,
          body: desk.options(existing(params.uuid).uuid),
          unchanging: true,
        }),
    }),
    route({
      method: 'GET',
      path: '/vms/:uuid/topology',
      access: 'see-vms',
      summary: "The hypervisor's view of the vCPUs and, where an agent answers, the guest's",
      params: VmParams,
      answers: { 200: { description: 'Both views', schema: TopologyView } },
      handle: async ({ params }) => ({ status: 200, body: await vms.topology(existing(params.uuid).uuid) }),
    }),
    route({
      method: 'POST',
      path: '/vms/:uuid/power',
      access: 'power-vm',
      summary: 'Starts, stops, pauses or restarts the VM',
      params: VmParams,
      body: PowerInput,
      headers: ['ifMatch'],
      answers: { 202: { description: 'Asked for; the VM says when it is done' } },
      handle: async ({ params, body, headers, actor }) => {
        const vm = existing(params.uuid)
        requireMatch(headers.ifMatch, vm)
        await vms.power(vm.uuid, body.action, actor())
        return { status: 202 }
      },
    }),
  ]
}
