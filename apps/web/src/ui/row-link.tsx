import { useRouter } from '@tanstack/react-router'
import type { MouseEvent, ReactNode } from 'react'

interface RowLinkProps {
  /** Address within this page. */
  readonly href: string
  readonly title?: string
  readonly tabIndex?: number
  readonly children: ReactNode
}

/** Whether the browser shall do what it does with links: a new tab, a download, a menu. */
function isForBrowser(event: MouseEvent): boolean {
  return event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey
}

/**
 * A link for long lists. The router's own link follows the router's state to know whether it is the current place;
 * in a list that scrolls, hundreds of them come and go each second, and that is what one would feel.
 */
export function RowLink({ href, title, tabIndex, children }: RowLinkProps) {
  const router = useRouter()
  const follow = (event: MouseEvent) => {
    if (isForBrowser(event)) return
    event.preventDefault()
    router.history.push(href)
  }
  return (
    <a href={href} title={title} tabIndex={tabIndex} onClick={follow}>
      {children}
    </a>
  )
}
