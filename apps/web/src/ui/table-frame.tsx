import type { ReactNode } from 'react'

interface TableColumn {
  readonly name: string
  /** Figures stand under each other at the end of the column. */
  readonly figures?: boolean
  /** Stands in the head of the column in place of its name. */
  readonly control?: ReactNode
}

interface TableFrameProps {
  readonly label: string
  readonly columns: readonly (string | TableColumn)[]
  /** On a card of its own; leave out within a card. */
  readonly panel?: boolean
  readonly className?: string
  /** Rows. */
  readonly children: ReactNode
}

/** A table that scrolls sideways by itself where the window is too narrow for its columns, also by keyboard. */
export function TableFrame({ label, columns, panel = false, className = '', children }: TableFrameProps) {
  return (
    <div
      className={`cs-scroll ${panel ? 'cs-panel' : ''} ${className}`}
      tabIndex={0}
      role="group"
      aria-label={label}
    >
      <table className="cs-table">
        <thead>
          <tr>
            {columns.map((column) => {
              const { name, figures, control }: TableColumn =
                typeof column === 'string' ? { name: column } : column
              return (
                <th key={name} scope="col" className={figures ? 'cs-table__figures' : undefined}>
                  {control ?? name}
                </th>
              )
            })}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  )
}
