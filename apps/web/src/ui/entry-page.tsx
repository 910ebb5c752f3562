import type { ReactNode } from 'react'
import { product } from '../strings/product.ts'
import { ProductMark } from './product-mark.tsx'

/** The frame of the screens before sign-in: one card in the middle, nothing else. */
export function EntryPage({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className="cs-entry">
      <main className="cs-entry__card" id="main">
        <p className="cs-entry__brand">
          <ProductMark size={28} /> {product.name}
        </p>
        <h1 className="cs-entry__title">{title}</h1>
        {children}
      </main>
    </div>
  )
}
