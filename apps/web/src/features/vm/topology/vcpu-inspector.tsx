import { useState, type FocusEvent, type PointerEvent, type ReactNode } from 'react'
import { VcpuSign } from '../../../domain/vcpu-sign.tsx'
import { vmPage } from '../../../strings/vm.ts'
import { useVcpu } from './vcpu-feed.tsx'
import { vcpuFacts } from './vcpu-facts.ts'
import './vcpu-inspector.css'

function vcpuAt(target: EventTarget): number | undefined {
  const id =
    target instanceof Element ? target.closest<HTMLElement>('[data-vcpu]')?.dataset['vcpu'] : undefined
  return id === undefined ? undefined : Number(id)
}

/** Says below the picture what is known of the vCPU that is pointed at, tapped or focused. */
export function VcpuInspector({ children }: { children: ReactNode }) {
  const [id, setId] = useState<number>()
  const look = (event: FocusEvent | PointerEvent) => {
    const next = vcpuAt(event.target)
    if (next !== undefined) setId(next)
  }
  return (
    <div onPointerOver={look} onFocus={look}>
      {children}
      <p className="cs-inspector">
        {id === undefined ? vmPage.inspectHint : <VcpuFactsLine key={id} id={id} />}
      </p>
    </div>
  )
}

function VcpuFactsLine({ id }: { id: number }) {
  const vcpu = useVcpu(id)
  if (!vcpu) return vmPage.inspectHint
  const [state, ...facts] = vcpuFacts(vcpu)
  return (
    <>
      <VcpuSign state={vcpu.state} size={14} /> {state}{' '}
      <span className="cs-quiet cs-figures">{facts.join(' · ')}</span>
    </>
  )
}
