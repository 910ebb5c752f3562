import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { endedResizesQuery } from '../../data/audit-queries.ts'
import { useHttp } from '../../data/services.tsx'
import { AuditLine } from '../../domain/audit-line.tsx'
import { QueryView } from '../../domain/query-view.tsx'
import { resizes } from '../../strings/resizes.ts'
import { CardBox } from '../../ui/card-box.tsx'
import { useSettled } from '../../ui/use-settled.ts'

/** Many resizes that end together are one reason to ask again. */
const QUIET_MS = 500

const words = resizes.ended

/**
 * How the last resizes ended, newest first.
 * @param open what names the open ones: when it changes, one may have ended
 */
export function EndedResizes({ open }: { open: string }) {
  const settled = useSettled(open, QUIET_MS)
  const query = useQuery({ ...endedResizesQuery(useHttp(), settled), placeholderData: keepPreviousData })
  return (
    <CardBox title={words.title} className="cs-ended">
      <QueryView query={query} what={words.what}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="cs-quiet">{words.none}</p>
          ) : (
            <ol className="cs-diary">
              {items.map((entry) => (
                <li key={entry.id} className="cs-ended__entry">
                  <AuditLine entry={entry} showVm time="day-time" />
                  {entry.operation && (
                    <Link to="/resizes/$id" params={{ id: entry.operation }}>
                      {words.everyStep}
                    </Link>
                  )}
                </li>
              ))}
            </ol>
          )
        }
      </QueryView>
      <p>
        <Link to="/audit" search={{ action: 'resize.finished' }}>
          {words.all}
        </Link>
      </p>
    </CardBox>
  )
}
