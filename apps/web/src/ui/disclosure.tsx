import { useCallback, useEffect, useId, useRef, useState, type ReactNode } from 'react'
import { Button } from '@patternfly/react-core/dist/esm/components/Button/Button.js'

interface DisclosureProps {
  readonly label: string
  /** Opens above the button, for buttons at the end of the screen. */
  readonly upwards?: boolean
  /** Gets a function that closes the panel. */
  readonly children: (close: () => void) => ReactNode
}

/** A button with a panel below it. Escape and a press outside close it; the focus returns to the button. */
export function Disclosure({ label, upwards = false, children }: DisclosureProps) {
  const [open, setOpen] = useState(false)
  const id = useId()
  const buttonId = `${id}-button`
  const frame = useRef<HTMLDivElement>(null)

  const close = useCallback(() => {
    setOpen(false)
    document.getElementById(buttonId)?.focus()
  }, [buttonId])

  useEffect(() => {
    if (!open) return
    const onPress = (event: PointerEvent) => {
      if (event.target instanceof Node && !frame.current?.contains(event.target)) setOpen(false)
    }
    const onKey = (event: KeyboardEvent) => {
      if (event.key === 'Escape') close()
    }
    document.addEventListener('pointerdown', onPress)
    document.addEventListener('keydown', onKey)
    return () => {
      document.removeEventListener('pointerdown', onPress)
      document.removeEventListener('keydown', onKey)
    }
  }, [open, close])

  return (
    <div className="cs-disclosure" ref={frame}>
      <Button
        id={buttonId}
        variant="secondary"
        size="sm"
        aria-expanded={open}
        aria-controls={id}
        onClick={() => setOpen(!open)}
      >
        {label} <span aria-hidden="true">▾</span>
      </Button>
      <div
        id={id}
        className={upwards ? 'cs-disclosure__panel cs-disclosure__panel--upwards' : 'cs-disclosure__panel'}
        hidden={!open}
      >
        {open && children(close)}
      </div>
    </div>
  )
}
