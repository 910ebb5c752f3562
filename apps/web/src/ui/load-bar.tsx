/** How busy something is, as a bar and a figure. */
export function LoadBar({ percent, label }: { percent: number | undefined; label: string }) {
  if (percent === undefined) return <span className="cs-quiet">{'–'}</span>
  const rounded = Math.round(percent)
  return (
    <span className="cs-load" title={`${label} ${rounded} %`}>
      <svg className="cs-load__bar" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
        <rect width="100" height="6" className="cs-load__track" />
        <rect width={Math.min(100, Math.max(0, percent))} height="6" className="cs-load__fill" />
      </svg>
      <span className="cs-figures">{rounded} %</span>
    </span>
  )
}
