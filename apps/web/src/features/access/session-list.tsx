import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { SessionInfo } from '@coreshift/shared/contract'
import { useHttp } from '../../data/services.tsx'
import { SESSIONS_KEY, endSession, sessionsQuery } from '../../data/session-query.ts'
import { CommandFailure } from '../../domain/query-failure.tsx'
import { QueryView } from '../../domain/query-view.tsx'
import { accounts } from '../../strings/accounts.ts'
import { Instant } from '../../ui/instant.tsx'
import { SureButton } from '../../ui/sure-button.tsx'
import { TableFrame } from '../../ui/table-frame.tsx'
import { browserName } from './browser-name.ts'

interface SessionListProps {
  readonly label: string
  /** Whose; absent: one's own. */
  readonly userId?: string
}

/** The browsers in which somebody is signed in; each can be ended. */
export function SessionList({ label, userId }: SessionListProps) {
  const query = useQuery(sessionsQuery(useHttp(), userId))
  return (
    <QueryView query={query} what={accounts.whatSessions}>
      {({ items }) =>
        items.length === 0 ? (
          <p className="cs-quiet">{accounts.noSessions}</p>
        ) : (
          <TableFrame
            label={label}
            columns={[accounts.browser, accounts.from, accounts.began, accounts.ends, accounts.actions]}
          >
            {items.map((session) => (
              <SessionRow key={session.id} session={session} />
            ))}
          </TableFrame>
        )
      }
    </QueryView>
  )
}

function SessionRow({ session }: { session: SessionInfo }) {
  const http = useHttp()
  const queryClient = useQueryClient()
  const end = useMutation({
    mutationFn: () => endSession(http, session.id),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: SESSIONS_KEY }),
  })
  const browser = browserName(session.userAgent) ?? accounts.unknown
  return (
    <tr data-session={session.id}>
      <th scope="row" title={session.userAgent}>
        {browser}
        {session.current && <span className="cs-quiet"> ({accounts.thisOne})</span>}
      </th>
      <td>{session.address ?? accounts.unknown}</td>
      <td>
        <Instant at={session.createdAt} form="day-time" />
      </td>
      <td>
        <Instant at={session.expiresAt} form="day-time" />
      </td>
      <td>
        {end.isError && <CommandFailure error={end.error} />}
        {!session.current && (
          <SureButton
            label={accounts.end}
            ariaLabel={accounts.endOf(browser)}
            question={accounts.endSure}
            yes={accounts.end}
            no={accounts.no}
            isBusy={end.isPending}
            onYes={() => end.mutate()}
          />
        )}
      </td>
    </tr>
  )
}
