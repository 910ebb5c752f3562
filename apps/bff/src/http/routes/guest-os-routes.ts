import { GuestOsMatrixInput, GuestOsMatrixView } from '@coreshift/shared/contract'
import { route, type Route } from '../route.ts'
import type { ApiServices } from '../services.ts'

export function guestOsRoutes({ guestOs }: ApiServices): Route[] {
  const answers = { 200: { description: 'Every row with its source', schema: GuestOsMatrixView } }
  return [
    route({
      method: 'GET',
      path: '/guest-os-matrix',
      access: 'see-guest-os-matrix',
      summary: 'What each guest OS does with vCPUs that come and go, and what this fleet has seen',
      answers,
      handle: async () => ({ status: 200, body: await guestOs.view() }),
    }),
    route({
      method: 'PUT',
      path: '/guest-os-matrix',
      access: 'manage-guest-os-matrix',
      summary:
        'Makes these the edits that hold, each with its reason; a row that is left out is as shipped again',
      body: GuestOsMatrixInput,
      answers,
      handle: async ({ body, actor, requestId }) => ({
        status: 200,
        body: await guestOs.replace(body, actor(), requestId),
      }),
    }),
    route({
      method: 'GET',
      path: '/guest-os-matrix/export.json',
      access: 'see-guest-os-matrix',
      summary: 'The edits that hold, as a file that can be sent back with PUT, here or to another server',
      answers: { 200: { description: 'The edits', schema: GuestOsMatrixInput } },
      handle: async () => {
        const { rows } = await guestOs.view()
        const edits = rows.flatMap(({ id, edit }) => (edit ? [{ row: id, ...edit }] : []))
        return {
          status: 200,
          body: { edits },
          headers: { 'Content-Disposition': 'attachment; filename="guest-os-edits.json"' },
        }
      },
    }),
  ]
}
