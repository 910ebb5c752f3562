/** How busy something is, as a bar and a figure. */
export function LoadBar({ percent, label }: { percent: number | undefined; label: string }) {
  if (percent === undefined) return <span className="cs-quiet">{'–'}</span>
  const rounded = Math.round(percent)
  const width = `${Math.min(100, Math.max(0, percent))}%`
  return (
    <span className="cs-load" title={`${label} ${rounded} %`}>
      <span className="cs-load__bar" aria-hidden="true">
        <span className="cs-load__fill" style={{ width }} />
      </span>
      <span className="cs-figures">{rounded} %</span>
    </span>
  )
}
