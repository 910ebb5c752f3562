import '@patternfly/react-styles/css/components/Label/label.css'
import type { ReactNode } from 'react'

export type TagColor = 'grey' | 'blue' | 'green' | 'orange' | 'red' | 'purple' | 'teal'

/** A short word in a pill, in PatternFly's label look (see Notice for why it is not its component). */
export function Tag({
  color = 'grey',
  icon,
  children,
}: {
  color?: TagColor
  icon?: ReactNode
  children: ReactNode
}) {
  return (
    <span className={`pf-v6-c-label pf-m-compact pf-m-${color}`}>
      <span className="pf-v6-c-label__content">
        {icon && <span className="pf-v6-c-label__icon">{icon}</span>}
        <span className="pf-v6-c-label__text">{children}</span>
      </span>
    </span>
  )
}
