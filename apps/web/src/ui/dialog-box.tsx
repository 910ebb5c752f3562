import { useEffect, useId, useRef, type ReactNode } from 'react'

interface DialogBoxProps {
  readonly title: string
  readonly children: ReactNode
  /** Buttons; they stay in sight while the content scrolls. */
  readonly foot: ReactNode
  /** Escape asks for it. */
  readonly onClose: () => void
}

/**
 * A task that needs the whole attention. The browser's own dialog keeps the focus inside and gives it back to the
 * button that opened it.
 */
export function DialogBox({ title, children, foot, onClose }: DialogBoxProps) {
  const id = useId()
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    const opened = dialog.current
    if (!opened || opened.open) return
    opened.showModal()
    return () => opened.close()
  }, [])
  return (
    <dialog
      ref={dialog}
      className="cs-dialog"
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault()
        onClose()
      }}
    >
      <div className="cs-dialog__frame">
        <h2 id={id} className="cs-dialog__title">
          {title}
        </h2>
        <div className="cs-dialog__body">{children}</div>
        <div className="cs-dialog__foot cs-buttons">{foot}</div>
      </div>
    </dialog>
  )
}
