import '@patternfly/react-styles/css/components/Alert/alert.css'
import type { ReactNode } from 'react'
import { CircleSign, TriangleSign, type SignTone } from './tone-sign.tsx'

interface NoticeProps {
  readonly tone: SignTone
  /** What a screen reader says before the title: the sign is no text. */
  readonly title: ReactNode
  readonly children?: ReactNode
  readonly actions?: ReactNode
  /** `alert` interrupts a screen reader, `status` waits; leave out for what was there from the start. */
  readonly live?: 'alert' | 'status'
}

/**
 * A message in the flow of the page, in PatternFly's look. PatternFly's own component brings its tooltip engine
 * along (11 kB), which a message does not need.
 */
export function Notice({ tone, title, children, actions, live }: NoticeProps) {
  return (
    <div className={`pf-v6-c-alert pf-m-inline pf-m-${tone}`} role={live}>
      <div className="pf-v6-c-alert__icon">
        {tone === 'warning' || tone === 'danger' ? <TriangleSign tone={tone} /> : <CircleSign tone={tone} />}
      </div>
      <p className="pf-v6-c-alert__title">{title}</p>
      {children && <div className="pf-v6-c-alert__description">{children}</div>}
      {actions && <div className="pf-v6-c-alert__action-group">{actions}</div>}
    </div>
  )
}
