import type { VmStatus } from '@coreshift/shared'
import { machines } from '../strings/machines.ts'

type Shape = 'filled' | 'hollow' | 'half' | 'cross'

const SHAPE: Record<VmStatus, Shape> = {
  up: 'filled',
  down: 'hollow',
  paused: 'half',
  'powering-up': 'half',
  'powering-down': 'half',
  migrating: 'half',
  saving: 'half',
  suspended: 'half',
  crashed: 'cross',
  unknown: 'hollow',
}

/** The status of a VM: a shape and its word. The style sheet draws the shape, because lists have very many of them. */
export function VmStatusSign({ status }: { status: VmStatus }) {
  return (
    <span className={`cs-status cs-status--${SHAPE[status]} cs-status--${status}`}>
      {machines.status[status]}
    </span>
  )
}
