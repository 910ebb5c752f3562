import type { VcpuState } from '@coreshift/shared'
import type { ReactNode } from 'react'

/** One shape per state, told apart without colour: see the legend under the topology picture. */
const SHAPES: Record<VcpuState, ReactNode> = {
  present: <circle cx="8" cy="8" r="5.5" fill="currentColor" />,
  adding: (
    <>
      <circle cx="8" cy="8" r="5.5" className="cs-sign__track" />
      <path d="M8 2.5 A5.5 5.5 0 0 1 13.5 8" className="cs-sign__line cs-sign__growing" />
      <path d="M8 5.5 V10.5 M5.5 8 H10.5" className="cs-sign__thin" />
    </>
  ),
  'guest-offline': <circle cx="8" cy="8" r="5.5" className="cs-sign__line" strokeDasharray="2.4 1.92" />,
  'pending-removal': (
    <>
      <circle cx="8" cy="8" r="5.5" className="cs-sign__line" />
      <path d="M8 2.5 A5.5 5.5 0 0 0 8 13.5 Z" fill="currentColor" />
    </>
  ),
  removed: <circle cx="8" cy="8" r="5.5" className="cs-sign__thin" />,
  refused: (
    <>
      <rect x="2.5" y="2.5" width="11" height="11" rx="1.5" className="cs-sign__line" />
      <path d="M5.5 5.5 L10.5 10.5 M10.5 5.5 L5.5 10.5" className="cs-sign__line" />
    </>
  ),
  stuck: (
    <>
      <path d="M8 1.8 L14.6 13.6 H1.4 Z" className="cs-sign__line" strokeLinejoin="round" />
      <path d="M8 6 V9.6 M8 11.4 V12" className="cs-sign__line" />
    </>
  ),
  absent: <circle cx="8" cy="8" r="1.5" fill="currentColor" />,
}

/** The sign of a vCPU state. Decoration: the word stands beside it or in the accessible name. */
export function VcpuSign({ state, size = 16 }: { state: VcpuState; size?: number }) {
  return (
    <svg
      viewBox="0 0 16 16"
      width={size}
      height={size}
      aria-hidden="true"
      className={`cs-sign cs-sign--${state}`}
    >
      {SHAPES[state]}
    </svg>
  )
}

/** Cannot be removed while the machine runs. One element, because pictures have very many of them. */
export function LockSign({ size = 12 }: { size?: number }) {
  return <i aria-hidden="true" className="cs-sign cs-sign--fixed" style={{ width: size, height: size }} />
}

/** Tied to certain host CPUs. */
export function PinSign({ size = 12 }: { size?: number }) {
  return <i aria-hidden="true" className="cs-sign cs-sign--pinned" style={{ width: size, height: size }} />
}
