import { z } from 'zod'
import { NextBootForecast, NextBootRevert, PrepareInput, PreparePlan } from '@coreshift/shared/contract'
import { Failure } from '../../failure.ts'
import { requireMatch } from '../request-headers.ts'
import { route, type Route } from '../route.ts'
import type { ApiServices } from '../services.ts'
import { VmParams } from './vm-routes.ts'

const PrepareQuery = z
  .object({ dryRun: z.enum(['0', '1']).optional().describe('1: the plan only, nothing is changed') })
  .strict()

const UndoPlan = z.object({ xml: PreparePlan.shape.xml }).meta({ id: 'UndoPlan' })

export function prepareRoutes({ vms, prepare }: ApiServices): Route[] {
  /** @param ifMatch what the caller decided on; absent: nothing is asked */
  function existing(uuid: string, ifMatch?: string): string {
    const vm = vms.summary(uuid)
    if (!vm) throw new Failure('not-found', `There is no VM ${uuid}.`)
    requireMatch(ifMatch, vm)
    return uuid
  }

  return [
    route({
      method: 'GET',
      path: '/vms/:uuid/forecast',
      access: 'see-vms',
      summary: 'What each vCPU slot is good for now and after the next boot, and what that boot changes',
      params: VmParams,
      answers: { 200: { description: 'The forecast', schema: NextBootForecast } },
      handle: ({ params }) => Promise.resolve({ status: 200, body: prepare.forecast(existing(params.uuid)) }),
    }),
    route({
      method: 'POST',
      path: '/vms/:uuid/prepare',
      access: 'prepare-vm',
      summary:
        'Prepares the stored definition for live resize: room to grow, topology to match, vCPUs that can be removed',
      params: VmParams,
      query: PrepareQuery,
      body: PrepareInput.optional(),
      headers: ['ifMatch'],
      answers: {
        200: { description: 'What was changed; with `dryRun=1` what would be', schema: PreparePlan },
      },
      handle: async ({ params, query, body, headers, actor, requestId }) => {
        const uuid = existing(params.uuid, headers.ifMatch)
        const plan =
          query.dryRun === '1'
            ? await prepare.plan(uuid, body ?? {})
            : await prepare.prepare(uuid, body ?? {}, actor(), requestId)
        return { status: 200, body: plan }
      },
    }),
    route({
      method: 'DELETE',
      path: '/vms/:uuid/prepare',
      access: 'prepare-vm',
      summary: 'Undoes the last preparation; what others changed in the definition since stays',
      params: VmParams,
      query: PrepareQuery,
      headers: ['ifMatch'],
      answers: {
        200: {
          description: 'What was changed in the XML; with `dryRun=1` what would be',
          schema: UndoPlan,
        },
      },
      handle: async ({ params, query, headers, actor, requestId }) => {
        const uuid = existing(params.uuid, headers.ifMatch)
        const xml = await prepare.planUndo(uuid)
        if (query.dryRun !== '1') await prepare.undo(uuid, actor(), requestId)
        return { status: 200, body: { xml } }
      },
    }),
    route({
      method: 'DELETE',
      path: '/vms/:uuid/next-boot',
      access: 'prepare-vm',
      summary:
        'Reverts what the next boot would change: the stored definition gets the vCPUs of the running machine',
      params: VmParams,
      query: PrepareQuery,
      headers: ['ifMatch'],
      answers: {
        200: { description: 'What was reverted; with `dryRun=1` what would be', schema: NextBootRevert },
      },
      handle: async ({ params, query, headers, actor, requestId }) => {
        const uuid = existing(params.uuid, headers.ifMatch)
        const body =
          query.dryRun === '1'
            ? await prepare.planRevert(uuid)
            : await prepare.revert(uuid, actor(), requestId)
        return { status: 200, body }
      },
    }),
  ]
}
