import { useEffect } from 'react'
import { product } from '../strings/product.ts'

/** Names the browser's tab while a screen is shown. */
export function usePageTitle(place: string): void {
  useEffect(() => {
    document.title = product.documentTitle(place)
  }, [place])
}
