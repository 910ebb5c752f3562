import type { ReactNode } from 'react'
import { usePageTitle } from './page-title.ts'

interface PageFrameProps {
  readonly title: string
  /** Stands at the end of the title line. */
  readonly aside?: ReactNode
  /** `wide` uses the whole window, `reading` keeps lines short, `fill` takes the height of the window. */
  readonly width?: 'wide' | 'reading' | 'fill'
  readonly children: ReactNode
}

/** A screen: its title, also in the browser's tab, above its content. */
export function PageFrame({ title, aside, width = 'reading', children }: PageFrameProps) {
  usePageTitle(title)
  const heading = <h1 className="cs-title">{title}</h1>
  return (
    <div className={`cs-page cs-page--${width}`}>
      {aside ? (
        <div className="cs-head-line">
          {heading}
          {aside}
        </div>
      ) : (
        heading
      )}
      {children}
    </div>
  )
}
