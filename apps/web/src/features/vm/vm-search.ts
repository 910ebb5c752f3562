export const TOPOLOGY_VIEWS = ['picture', 'table', 'guest', 'forecast'] as const
export type TopologyViewName = (typeof TOPOLOGY_VIEWS)[number]

export interface VmSearch {
  readonly view?: TopologyViewName
}

export function readVmSearch(search: Record<string, unknown>): VmSearch {
  const view = TOPOLOGY_VIEWS.find((name) => name === search['view'])
  return view && view !== 'picture' ? { view } : {}
}
