/** Three cores present and one on its way: the mark of the product. */
export function ProductMark({ size = 24 }: { size?: number }) {
  return (
    <svg viewBox="0 0 24 24" width={size} height={size} aria-hidden="true" className="cs-mark">
      <rect x="2" y="2" width="9" height="9" rx="2" fill="currentColor" />
      <rect x="13" y="2" width="9" height="9" rx="2" fill="currentColor" />
      <rect x="2" y="13" width="9" height="9" rx="2" fill="currentColor" />
      <rect x="14" y="14" width="7" height="7" rx="1.5" className="cs-mark__next" />
    </svg>
  )
}
