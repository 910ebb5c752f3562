import type { GuestOsMatrix } from '@coreshift/shared'
import type { GuestOsJudge } from '../inventory/inventory-ports.ts'

/** The matrix as the inventory asks it. */
export function guestOsJudge(matrix: () => GuestOsMatrix): GuestOsJudge {
  return {
    judge: ({ osinfoId, agentOs, override, arch }) => {
      const guestOs = matrix().detect({
        arch,
        ...(osinfoId !== undefined && { libosinfoId: osinfoId }),
        ...(agentOs !== undefined && { agentOs }),
        ...(override !== undefined && { override }),
      })
      return {
        guestOs,
        ...(guestOs.socketsMax !== undefined && { socketsMax: guestOs.socketsMax }),
      }
    },
  }
}
