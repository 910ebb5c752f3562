import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { User, UserPatch } from '@coreshift/shared/contract'
import { Button } from '@patternfly/react-core/dist/esm/components/Button/Button.js'
import { USERS_KEY, changeUser, removeUser } from '../../data/account-queries.ts'
import { useHttp } from '../../data/services.tsx'
import { resetTwoFactor } from '../../data/two-factor-queries.ts'
import { CommandFailure } from '../../domain/query-failure.tsx'
import { liveHosts } from '../../live/live-topics.ts'
import { accounts } from '../../strings/accounts.ts'
import { product } from '../../strings/product.ts'
import { Instant } from '../../ui/instant.tsx'
import { SureButton } from '../../ui/sure-button.tsx'
import { limitWords } from './limit-draft.ts'
import { SessionList } from './session-list.tsx'
import { UserEditor } from './user-editor.tsx'

interface UserRowProps {
  readonly user: User
  readonly isMe: boolean
  readonly columns: number
}

/** One account; what can be changed, and where it is signed in, fold out below it. */
export function UserRow({ user, isMe, columns }: UserRowProps) {
  const http = useHttp()
  const queryClient = useQueryClient()
  const hosts = useQuery(liveHosts()).data?.hosts ?? []
  const [panel, setPanel] = useState<'change' | 'sessions'>()
  const toggle = (kind: 'change' | 'sessions') => setPanel(panel === kind ? undefined : kind)
  const refresh = () => queryClient.invalidateQueries({ queryKey: USERS_KEY })
  const change = useMutation({
    mutationFn: (patch: UserPatch) => changeUser(http, user.id, patch),
    onSuccess: refresh,
  })
  const remove = useMutation({ mutationFn: () => removeUser(http, user.id), onSuccess: refresh })
  const reset = useMutation({ mutationFn: () => resetTwoFactor(http, user.id), onSuccess: refresh })
  const error = change.error ?? remove.error ?? reset.error
  return (
    <>
      <tr className={user.disabled ? 'cs-table__faint' : undefined} data-user={user.name}>
        <th scope="row">
          {user.name}
          {isMe && <span className="cs-quiet"> ({accounts.you})</span>}
        </th>
        <td>{product.roles[user.role]}</td>
        <td>{limitWords(user.limitedTo, hosts)}</td>
        <td>
          {accounts.source[user.source]} {user.twoFactor && accounts.withCode}
        </td>
        <td>{user.disabled ? accounts.disabled : accounts.active}</td>
        <td>
          <Instant at={user.createdAt} form="day" />
        </td>
        <td>
          <span className="cs-buttons">
            <Button
              variant="link"
              isInline
              aria-label={accounts.changeOf(user.name)}
              aria-expanded={panel === 'change'}
              onClick={() => toggle('change')}
            >
              {accounts.change}
            </Button>
            <Button
              variant="link"
              isInline
              aria-label={accounts.sessionsOf(user.name)}
              aria-expanded={panel === 'sessions'}
              onClick={() => toggle('sessions')}
            >
              {accounts.sessions}
            </Button>
            {!isMe && (
              <>
                <Button
                  variant="link"
                  isInline
                  aria-label={user.disabled ? accounts.enableOf(user.name) : accounts.disableOf(user.name)}
                  onClick={() => change.mutate({ disabled: !user.disabled })}
                >
                  {user.disabled ? accounts.enable : accounts.disable}
                </Button>
                <SureButton
                  label={accounts.remove}
                  ariaLabel={accounts.removeOf(user.name)}
                  question={accounts.sure(user.name)}
                  yes={accounts.yes}
                  no={accounts.no}
                  isBusy={remove.isPending}
                  onYes={() => remove.mutate()}
                />
              </>
            )}
          </span>
        </td>
      </tr>
      {(panel || error) && (
        <tr>
          <td colSpan={columns} className="cs-access__panel">
            {error && <CommandFailure error={error} />}
            {panel === 'sessions' && (
              <SessionList label={accounts.sessionsOf(user.name)} {...(isMe ? {} : { userId: user.id })} />
            )}
            {panel === 'change' && (
              <>
                <UserEditor user={user} isMe={isMe} onDone={() => setPanel(undefined)} />
                {user.twoFactor && !isMe && (
                  <p>
                    <SureButton
                      label={accounts.takeOffCode}
                      question={accounts.takeOffCodeSure(user.name)}
                      yes={accounts.takeOff}
                      no={accounts.no}
                      isBusy={reset.isPending}
                      onYes={() => reset.mutate()}
                    />
                  </p>
                )}
              </>
            )}
          </td>
        </tr>
      )}
    </>
  )
}
