import { useEffect, useId, useRef, useState, type ReactNode } from 'react'
import { Button } from '@patternfly/react-core/dist/esm/components/Button/Button.js'

export interface DisclosureProps {
  readonly label: string
  /** Gets a function that closes the panel. */
  readonly children: (close: () => void) => ReactNode
}

/** A button with a panel below it. Escape and a press outside close it; the focus returns to the button. */
export function Disclosure({ label, children }: DisclosureProps) {
  const [open, setOpen] = useState(false)
  const id = useId()
  const frame = useRef<HTMLDivElement>(null)
  const button = useRef<HTMLButtonElement>(null)

  useEffect(() => {
    if (!open) return
    const onPress = (event: PointerEvent) => {
      if (event.target instanceof Node && !frame.current?.contains(event.target)) setOpen(false)
    }
    document.addEventListener('pointerdown', onPress)
    return () => document.removeEventListener('pointerdown', onPress)
  }, [open])

  const close = () => {
    setOpen(false)
    button.current?.focus()
  }
  return (
    <div
      className="cs-disclosure"
      ref={frame}
      onKeyDown={(event) => {
        if (event.key === 'Escape' && open) close()
      }}
    >
      <Button
        variant="secondary"
        size="sm"
        ref={button}
        aria-expanded={open}
        aria-controls={id}
        onClick={() => setOpen(!open)}
      >
        {label} <span aria-hidden="true">▾</span>
      </Button>
      <div id={id} className="cs-disclosure__panel" hidden={!open}>
        {open && children(close)}
      </div>
    </div>
  )
}
