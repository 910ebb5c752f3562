import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { formatVcpuRanges } from '@coreshift/shared'
import type { Operation } from '@coreshift/shared/contract'
import { NextStepWords } from '../../domain/next-step-words.tsx'
import { nextStep } from '../../domain/operation-view.ts'
import { QueryView } from '../../domain/query-view.tsx'
import { useMayOperate } from '../../domain/use-role.ts'
import { liveResizes } from '../../live/live-topics.ts'
import { audit } from '../../strings/audit.ts'
import { resize } from '../../strings/resize.ts'
import { resizes } from '../../strings/resizes.ts'
import { vcpus } from '../../strings/vcpus.ts'
import { Elapsed } from '../../ui/elapsed.tsx'
import { FailureView } from '../../ui/failure-view.tsx'
import { formatCount } from '../../ui/number-words.ts'
import { PageFrame } from '../../ui/page-frame.tsx'
import { TableFrame } from '../../ui/table-frame.tsx'
import { Tag } from '../../ui/tag.tsx'
import { BulkActions } from './bulk-actions.tsx'
import { EndedResizes } from './ended-resizes.tsx'
import { oldestFirst, outstandingVcpus, summarize } from './board-view.ts'
import './resizes.css'

const c = resizes.columns
const COLUMNS = [c.machine, c.host, c.change, c.waiting, c.since, c.asked, c.next, c.by]

/** Everything that is open over all machines. */
export function ResizesPage() {
  const query = useQuery(liveResizes())
  return (
    <PageFrame title={resizes.title} width="wide">
      <QueryView query={query} what={resizes.what} live>
        {({ operations }) => (
          <>
            <Board operations={oldestFirst(operations)} />
            <EndedResizes open={operations.map(({ id }) => id).join()} />
          </>
        )}
      </QueryView>
    </PageFrame>
  )
}

function Board({ operations }: { operations: readonly Operation[] }) {
  const mayOperate = useMayOperate()
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  if (operations.length === 0)
    return <FailureView tone="info" title={resizes.empty} text={resizes.emptyText} />
  const { open, overdue, promised } = summarize(operations)
  // Operations that ended meanwhile are no longer chosen.
  const selected = operations.filter(({ id }) => chosen.has(id))
  const toggle = (id: string, on: boolean) => {
    const next = new Set(chosen)
    if (on) next.add(id)
    else next.delete(id)
    setChosen(next)
  }
  const choice = (
    <input
      type="checkbox"
      className="cs-box"
      aria-label={resizes.selectAll}
      checked={selected.length === operations.length}
      onChange={(event) => setChosen(new Set(event.target.checked ? operations.map(({ id }) => id) : []))}
    />
  )
  return (
    <>
      <p className="cs-quiet" role="status">
        {resizes.intro} {resizes.summary(open, overdue)}
        {promised > 0 && ` · ${resizes.promised(promised)}`}
      </p>
      {mayOperate && <BulkActions selected={selected} onDone={() => setChosen(new Set())} />}
      <TableFrame
        label={resizes.title}
        columns={mayOperate ? [{ name: 'choice', control: choice }, ...COLUMNS] : COLUMNS}
        panel
      >
        {operations.map((operation) => (
          <BoardRow
            key={operation.id}
            operation={operation}
            isChosen={chosen.has(operation.id)}
            onToggle={mayOperate ? toggle : undefined}
          />
        ))}
      </TableFrame>
    </>
  )
}

interface BoardRowProps {
  readonly operation: Operation
  readonly isChosen: boolean
  readonly onToggle: ((id: string, on: boolean) => void) | undefined
}

function BoardRow({ operation, isChosen, onToggle }: BoardRowProps) {
  const outstanding = outstandingVcpus(operation)
  const step = nextStep(operation)
  return (
    <tr data-operation={operation.id} data-operation-state={operation.state}>
      {onToggle && (
        <td>
          <input
            type="checkbox"
            className="cs-box"
            aria-label={resizes.selectOne(operation.vmName)}
            checked={isChosen}
            onChange={(event) => onToggle(operation.id, event.target.checked)}
          />
        </td>
      )}
      <th scope="row">
        <Link to="/vms/$uuid" params={{ uuid: operation.vm }}>
          {operation.vmName}
        </Link>
      </th>
      <td>{operation.hostName}</td>
      <td>
        <Link to="/resizes/$id" params={{ id: operation.id }}>
          {resize.fromTo(formatCount(operation.from.sockets), formatCount(operation.to.sockets))}
        </Link>
      </td>
      <td>
        {outstanding.length === 0 ? resizes.nothingLeft : vcpus.range(formatVcpuRanges(outstanding))}{' '}
        {operation.overdue && <Tag color="orange">{resizes.overdue}</Tag>}
      </td>
      <td>
        <Elapsed since={operation.createdAt} />
      </td>
      <td>{resizes.times(operation.attempts)}</td>
      <td>{step ? <NextStepWords step={step} /> : resize.states[operation.state]}</td>
      <td>{audit.actor(operation.requestedBy)}</td>
    </tr>
  )
}
