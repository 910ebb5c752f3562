export const TOPOLOGY_VIEWS = ['picture', 'table', 'guest', 'forecast'] as const
export type TopologyViewName = (typeof TOPOLOGY_VIEWS)[number]

/** What of the page the address says. */
interface VmSearch {
  readonly view?: TopologyViewName
  /** The preparation for live resize is open. */
  readonly prepare?: true
  /** The number of sockets the editor begins with. */
  readonly sockets?: number
}

export function readVmSearch(search: Record<string, unknown>): VmSearch {
  const view = TOPOLOGY_VIEWS.find((name) => name === search['view'])
  const sockets = search['sockets']
  return {
    ...(view && view !== 'picture' ? { view } : {}),
    ...(search['prepare'] === true ? { prepare: true } : {}),
    ...(typeof sockets === 'number' && Number.isInteger(sockets) && sockets > 0 ? { sockets } : {}),
  }
}
