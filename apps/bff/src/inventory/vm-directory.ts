import type { Actor, PowerAction, TopologyView, Vm, VmSummary } from '@coreshift/shared/contract'

/** `load`: nothing but its load figures. */
export type VmChange = 'state' | 'load'

/** What the doors may ask about VMs. Values are immutable: a changed VM is a new object. */
export interface VmDirectory {
  /** Grows with every change of any VM. */
  readonly rev: number
  list(): readonly VmSummary[]
  get(uuid: string): Vm | undefined
  summary(uuid: string): VmSummary | undefined
  /** Hypervisor's and, where an agent answers within a bounded time, the guest's view. */
  topology(uuid: string): Promise<TopologyView>
  power(uuid: string, action: PowerAction, actor: Actor): Promise<void>
  /** Stores the description in the domain's own metadata; running and stored definition alike. */
  setDescription(uuid: string, description: string, actor: Actor): Promise<void>
  /** Sets or (null) takes back the administrator's word on which guest OS this is. */
  setGuestOs(uuid: string, row: string | null, actor: Actor): Promise<void>
  /** Called after a VM changed, appeared or went. */
  onChange(listener: (uuid: string, what: VmChange) => void): () => void
}
