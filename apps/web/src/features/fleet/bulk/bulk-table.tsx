import type { ReactNode } from 'react'
import type { VmSummary } from '@coreshift/shared/contract'
import { bulk } from '../../../strings/bulk.ts'

interface BulkTableProps {
  readonly vms: readonly VmSummary[]
  readonly head: string
  readonly cell: (vm: VmSummary) => ReactNode
}

/** One line for each machine of a command. */
export function BulkTable({ vms, head, cell }: BulkTableProps) {
  return (
    <div className="cs-scroll cs-panel cs-bulk__list" tabIndex={0} role="group" aria-label={head}>
      <table className="cs-table cs-bulk__table">
        <thead>
          <tr>
            <th scope="col">{bulk.machine}</th>
            <th scope="col">{head}</th>
          </tr>
        </thead>
        <tbody>
          {vms.map((vm) => (
            <tr key={vm.uuid} data-bulk={vm.name}>
              <th scope="row">{vm.name}</th>
              <td>{cell(vm)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
