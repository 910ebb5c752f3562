import '@patternfly/react-styles/css/components/Card/card.css'
import { useId, type ReactNode } from 'react'

interface CardBoxProps {
  readonly title: string
  readonly children: ReactNode
  /** Stands at the end of the title line. */
  readonly aside?: ReactNode
  readonly className?: string
}

/** A card in PatternFly's look that is also a landmark named by its title. */
export function CardBox({ title, aside, className, children }: CardBoxProps) {
  const id = useId()
  return (
    <section aria-labelledby={id} className={`pf-v6-c-card ${className ?? ''}`}>
      <div className="pf-v6-c-card__header cs-card__head">
        <h2 id={id} className="pf-v6-c-card__title-text cs-card__title">
          {title}
        </h2>
        {aside}
      </div>
      <div className="pf-v6-c-card__body">{children}</div>
    </section>
  )
}
