import { z } from 'zod'
import { DemoGuest, DemoGuestChange, DemoHostChange } from '@coreshift/shared/contract'
import type { DemoDoor } from '../../demo/demo-door.ts'
import { Failure } from '../../failure.ts'
import { route, type Route } from '../route.ts'
import type { ApiServices } from '../services.ts'
import { VmParams } from './vm-routes.ts'

const HostParams = z.object({ id: z.string().min(1).max(200) })

/** Makes simulated guests and hosts misbehave. Where nothing is simulated, every answer is 404. */
export function demoRoutes({ vms, demo }: ApiServices): Route[] {
  function door(): DemoDoor {
    if (demo) return demo
    throw new Failure('not-found', 'Nothing is simulated here.')
  }

  function hostOf(uuid: string): string {
    const vm = vms.summary(uuid)
    if (!vm) throw new Failure('not-found', `There is no VM ${uuid}.`)
    return vm.host
  }

  return [
    route({
      method: 'GET',
      path: '/demo/vms/:uuid',
      access: 'see-vms',
      summary: 'How a simulated guest behaves; 404 for a real one',
      params: VmParams,
      answers: { 200: { description: 'The guest behind the scenes', schema: DemoGuest } },
      handle: ({ params }) =>
        Promise.resolve({ status: 200, body: door().guest(hostOf(params.uuid), params.uuid) }),
    }),
    route({
      method: 'PATCH',
      path: '/demo/vms/:uuid',
      access: 'steer-demo',
      summary: 'Makes a simulated guest refuse, hesitate, crash, or answer what it was asked',
      params: VmParams,
      body: DemoGuestChange,
      answers: { 200: { description: 'The guest afterwards', schema: DemoGuest } },
      handle: ({ params, body }) =>
        Promise.resolve({ status: 200, body: door().changeGuest(hostOf(params.uuid), params.uuid, body) }),
    }),
    route({
      method: 'PATCH',
      path: '/demo/hosts/:id',
      access: 'steer-demo',
      summary: 'Cuts the connections of a simulated host, or stops and starts its libvirt daemon',
      params: HostParams,
      body: DemoHostChange,
      answers: { 204: { description: 'Done' } },
      handle: async ({ params, body }) => {
        await door().changeHost(params.id, body)
        return { status: 204 }
      },
    }),
  ]
}
