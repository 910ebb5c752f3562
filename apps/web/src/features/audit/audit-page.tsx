import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useMemo } from 'react'
import { Button } from '@patternfly/react-core/dist/esm/components/Button/Button.js'
import { auditFilterParams, auditListQuery } from '../../data/audit-queries.ts'
import { useHttp } from '../../data/services.tsx'
import { QueryFailure } from '../../domain/query-failure.tsx'
import { isStale, useConnection } from '../../live/connection.ts'
import { liveAudit } from '../../live/live-topics.ts'
import { audit } from '../../strings/audit.ts'
import { failures } from '../../strings/failures.ts'
import { FailureView } from '../../ui/failure-view.tsx'
import { useTimeZone } from '../../ui/instant.tsx'
import { LoadingWords } from '../../ui/loading-words.tsx'
import { PageFrame } from '../../ui/page-frame.tsx'
import { AuditFilters } from './audit-filters.tsx'
import { ChainLine } from './chain-line.tsx'
import { DiaryEntry } from './diary-entry.tsx'
import { byDay, mergeEntries } from './audit-view.ts'
import './audit.css'

const route = getRouteApi('/inside/audit')

export function AuditPage() {
  const http = useHttp()
  const zone = useTimeZone()
  const filter = route.useSearch()
  const navigate = route.useNavigate()
  const list = useInfiniteQuery(auditListQuery(http, filter))
  const live = useQuery(liveAudit())
  const connection = useConnection()
  const asked = useMemo(() => list.data?.pages.flatMap((page) => page.items) ?? [], [list.data])
  const entries = useMemo(
    () => mergeEntries(live.data?.entries ?? [], asked, filter),
    [live.data, asked, filter],
  )
  const hasFilter = Object.keys(filter).length > 0
  const params = auditFilterParams(filter)

  return (
    <PageFrame title={audit.title} aside={<ChainLine />} width="wide">
      <AuditFilters
        filter={filter}
        entries={entries}
        onChange={(search) => void navigate({ search, replace: true })}
      />
      <p className="cs-quiet">{isStale(connection) ? audit.liveLost : audit.live}</p>
      {list.isPending ? (
        <LoadingWords words={failures.loading(audit.what)} lines={8} />
      ) : list.isError && asked.length === 0 ? (
        <QueryFailure error={list.error} onRetry={() => void list.refetch()} />
      ) : entries.length === 0 ? (
        <FailureView
          tone="info"
          title={hasFilter ? audit.nothingMatches : audit.empty}
          text={hasFilter ? '' : audit.emptyText}
        />
      ) : (
        byDay(entries, zone).map(({ day, entries: ofDay }) => (
          <section key={day} aria-label={day}>
            <h2 className="cs-day">{day}</h2>
            <ol className="cs-diary">
              {ofDay.map((entry) => (
                <DiaryEntry key={entry.id} entry={entry} />
              ))}
            </ol>
          </section>
        ))
      )}
      {entries.length > 0 && (
        <div className="cs-audit__foot">
          {list.hasNextPage ? (
            <Button
              variant="secondary"
              onClick={() => void list.fetchNextPage()}
              isDisabled={list.isFetchingNextPage}
            >
              {list.isFetchingNextPage ? audit.loadingOlder : audit.older}
            </Button>
          ) : (
            list.isSuccess && <p className="cs-quiet">{audit.beginning}</p>
          )}
          <a href={`/api/v1/audit/export.csv?${params}`} download>
            {audit.exportCsv}
          </a>
          <a href={`/api/v1/audit/export.jsonl?${params}`} download>
            {audit.exportJsonl}
          </a>
        </div>
      )}
    </PageFrame>
  )
}
