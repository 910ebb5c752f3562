import type { ReactNode } from 'react'
import type { VmSummary } from '@coreshift/shared/contract'
import { bulk } from '../../../strings/bulk.ts'
import { TableFrame } from '../../../ui/table-frame.tsx'

interface BulkTableProps {
  readonly vms: readonly VmSummary[]
  readonly head: string
  readonly cell: (vm: VmSummary) => ReactNode
}

/** One line for each machine of a command. */
export function BulkTable({ vms, head, cell }: BulkTableProps) {
  return (
    <TableFrame label={head} columns={[bulk.machine, head]} panel className="cs-bulk__list">
      {vms.map((vm) => (
        <tr key={vm.uuid} data-bulk={vm.name}>
          <th scope="row">{vm.name}</th>
          <td>{cell(vm)}</td>
        </tr>
      ))}
    </TableFrame>
  )
}
