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

function shape(status: VmStatus) {
  switch (SHAPE[status]) {
    case 'filled':
      return <path d="M3 2 L10 6 L3 10 Z" fill="currentColor" strokeLinejoin="round" />
    case 'hollow':
      return <rect x="2.5" y="2.5" width="7" height="7" rx="1" className="cs-sign__thin" />
    case 'half':
      return <path d="M3.5 2 V10 M8.5 2 V10" className="cs-sign__line" />
    case 'cross':
      return <path d="M2.5 2.5 L9.5 9.5 M9.5 2.5 L2.5 9.5" className="cs-sign__line" />
  }
}

/** The status of a VM: a shape and its word. */
export function VmStatusSign({ status }: { status: VmStatus }) {
  return (
    <span className={`cs-status cs-status--${status}`}>
      <svg viewBox="0 0 12 12" width="12" height="12" aria-hidden="true">
        {shape(status)}
      </svg>
      {machines.status[status]}
    </span>
  )
}
