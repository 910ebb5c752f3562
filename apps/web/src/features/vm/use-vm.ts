import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { AuditEntry, Operation, TopicSnapshots } from '@coreshift/shared/contract'
import { liveVm } from '../../live/live-topics.ts'
import { steadyVmPicker, type SteadyVm } from './steady-vm.ts'

// Each part of the page reads the part of the snapshot that it shows, and renders again when that part is another.

type Snapshot = TopicSnapshots['vm']

/** A machine that vanishes while one looks at it is patched away. */
function isThere({ vm }: { vm?: Snapshot['vm'] }): boolean {
  return vm !== undefined
}

/** Whether the machine is there; `data` is absent until the server has said so. */
export function useVmPresence(uuid: string) {
  return useQuery({ ...liveVm(uuid), select: isThere })
}

/** The machine without its load figures. Only for components below one that has seen it present. */
export function useSteadyVm(uuid: string): SteadyVm | undefined {
  const [pick] = useState(steadyVmPicker)
  return useQuery({ ...liveVm(uuid), select: pick }).data
}

const pickOperation = (snapshot: Snapshot): Operation | undefined => snapshot.operation

/** The machine's open or latest operation. */
export function useVmOperation(uuid: string): Operation | undefined {
  return useQuery({ ...liveVm(uuid), select: pickOperation }).data
}

const pickHistory = (snapshot: Snapshot): readonly AuditEntry[] => snapshot.history

export function useVmHistory(uuid: string): readonly AuditEntry[] {
  return useQuery({ ...liveVm(uuid), select: pickHistory }).data ?? []
}
