import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { formatVcpuRanges } from '@coreshift/shared'
import type { Operation } from '@coreshift/shared/contract'
import { NextStepWords } from '../../domain/next-step-words.tsx'
import { nextStep } from '../../domain/operation-view.ts'
import { QueryFailure } from '../../domain/query-failure.tsx'
import { useMayOperate } from '../../domain/use-role.ts'
import { liveResizes } from '../../live/live-topics.ts'
import { audit } from '../../strings/audit.ts'
import { failures } from '../../strings/failures.ts'
import { resize } from '../../strings/resize.ts'
import { resizes } from '../../strings/resizes.ts'
import { vcpus } from '../../strings/vcpus.ts'
import { Elapsed } from '../../ui/elapsed.tsx'
import { FailureView } from '../../ui/failure-view.tsx'
import { LoadingWords } from '../../ui/loading-words.tsx'
import { formatCount } from '../../ui/number-words.ts'
import { usePageTitle } from '../../ui/page-title.ts'
import { Tag } from '../../ui/tag.tsx'
import { BulkActions } from './bulk-actions.tsx'
import { oldestFirst, outstandingVcpus, summarize } from './board-view.ts'
import './resizes.css'

/** Everything that is open over all machines. */
export function ResizesPage() {
  usePageTitle(resizes.title)
  const query = useQuery(liveResizes())
  return (
    <div className="cs-board">
      <h1 className="cs-title">{resizes.title}</h1>
      {query.data ? (
        <Board operations={oldestFirst(query.data.operations)} />
      ) : query.isError ? (
        <QueryFailure error={query.error} onRetry={() => void query.refetch()} />
      ) : (
        <LoadingWords words={failures.waitingForServer(resizes.what)} />
      )}
    </div>
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
  const c = resizes.columns
  return (
    <>
      <p className="cs-quiet" role="status">
        {resizes.intro} {resizes.summary(open, overdue)}
        {promised > 0 && ` · ${resizes.promised(promised)}`}
      </p>
      {mayOperate && <BulkActions selected={selected} onDone={() => setChosen(new Set())} />}
      <div className="cs-scroll cs-panel" tabIndex={0} role="group" aria-label={resizes.title}>
        <table className="cs-table">
          <thead>
            <tr>
              {mayOperate && (
                <th scope="col">
                  <input
                    type="checkbox"
                    className="cs-box"
                    aria-label={resizes.selectAll}
                    checked={selected.length === operations.length}
                    onChange={(event) =>
                      setChosen(new Set(event.target.checked ? operations.map(({ id }) => id) : []))
                    }
                  />
                </th>
              )}
              <th scope="col">{c.machine}</th>
              <th scope="col">{c.host}</th>
              <th scope="col">{c.change}</th>
              <th scope="col">{c.waiting}</th>
              <th scope="col">{c.since}</th>
              <th scope="col">{c.asked}</th>
              <th scope="col">{c.next}</th>
              <th scope="col">{c.by}</th>
            </tr>
          </thead>
          <tbody>
            {operations.map((operation) => (
              <BoardRow
                key={operation.id}
                operation={operation}
                isChosen={chosen.has(operation.id)}
                onToggle={mayOperate ? toggle : undefined}
              />
            ))}
          </tbody>
        </table>
      </div>
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
