import type { GuestOsMatrix } from '@coreshift/shared'
import type { GuestOsJudge } from '../inventory/inventory-ports.ts'

type Verdict = ReturnType<GuestOsJudge['judge']>

/** Verdicts that are remembered; a fleet knows far fewer kinds of guest. */
const REMEMBERED_MAX = 1000

/**
 * The matrix as the inventory asks it: at every change of every VM, so that a verdict is remembered until the matrix
 * changes.
 */
export function guestOsJudge(matrix: () => GuestOsMatrix): GuestOsJudge {
  let judgedBy: GuestOsMatrix | undefined
  let verdicts = new Map<string, Verdict>()
  return {
    judge(facts) {
      const current = matrix()
      if (current !== judgedBy || verdicts.size >= REMEMBERED_MAX) {
        judgedBy = current
        verdicts = new Map()
      }
      const key = JSON.stringify(facts)
      let verdict = verdicts.get(key)
      if (!verdict) verdicts.set(key, (verdict = judge(current, facts)))
      return verdict
    },
  }
}

function judge(
  matrix: GuestOsMatrix,
  { osinfoId, agentOs, override, arch }: Parameters<GuestOsJudge['judge']>[0],
): Verdict {
  const guestOs = matrix.detect({
    arch,
    ...(osinfoId !== undefined && { libosinfoId: osinfoId }),
    ...(agentOs !== undefined && { agentOs }),
    ...(override !== undefined && { override }),
  })
  return {
    guestOs,
    ...(guestOs.socketsMax !== undefined && { socketsMax: guestOs.socketsMax }),
  }
}
