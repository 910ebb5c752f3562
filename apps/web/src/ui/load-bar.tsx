import type { CSSProperties } from 'react'

/** How busy something is, as a bar and a figure. Two elements, because lists have very many of them. */
export function LoadBar({ percent, label }: { percent: number | undefined; label: string }) {
  if (percent === undefined) return <span className="cs-quiet">{'–'}</span>
  const rounded = Math.round(percent)
  const style: CSSProperties & { '--cs-load': string } = {
    '--cs-load': `${Math.min(100, Math.max(0, percent))}%`,
  }
  return (
    <span className="cs-load cs-figures" style={style} title={`${label} ${rounded} %`}>
      {`${rounded} %`}
    </span>
  )
}
