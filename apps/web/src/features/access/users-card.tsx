import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import type { Role, User, UserPatch } from '@coreshift/shared/contract'
import { Button } from '@patternfly/react-core/dist/esm/components/Button/Button.js'
import { USERS_KEY, addUser, changeUser, removeUser, usersQuery } from '../../data/account-queries.ts'
import { useHttp } from '../../data/services.tsx'
import { sessionQuery } from '../../data/session-query.ts'
import { CommandFailure, QueryFailure } from '../../domain/query-failure.tsx'
import { accounts } from '../../strings/accounts.ts'
import { failures } from '../../strings/failures.ts'
import { CardBox } from '../../ui/card-box.tsx'
import { Field } from '../../ui/field.tsx'
import { Instant } from '../../ui/instant.tsx'
import { LoadingWords } from '../../ui/loading-words.tsx'
import { RoleSelect } from './role-select.tsx'

export function UsersCard() {
  const http = useHttp()
  const query = useQuery(usersQuery(http))
  const me = useQuery(sessionQuery(http)).data?.user?.id
  return (
    <CardBox title={accounts.users}>
      {query.data ? (
        <div className="cs-scroll" tabIndex={0} role="group" aria-label={accounts.users}>
          <table className="cs-table">
            <thead>
              <tr>
                <th scope="col">{accounts.name}</th>
                <th scope="col">{accounts.role}</th>
                <th scope="col">{accounts.state}</th>
                <th scope="col">{accounts.created}</th>
                <th scope="col">{accounts.actions}</th>
              </tr>
            </thead>
            <tbody>
              {query.data.items.map((user) => (
                <UserRow key={user.id} user={user} isMe={user.id === me} />
              ))}
            </tbody>
          </table>
        </div>
      ) : query.isError ? (
        <QueryFailure error={query.error} onRetry={() => void query.refetch()} />
      ) : (
        <LoadingWords words={failures.loading(accounts.whatUsers)} />
      )}
      {query.data && <AddUser />}
    </CardBox>
  )
}

function UserRow({ user, isMe }: { user: User; isMe: boolean }) {
  const http = useHttp()
  const queryClient = useQueryClient()
  const [panel, setPanel] = useState<'password' | 'remove'>()
  const [password, setPassword] = useState('')
  const refresh = () => queryClient.invalidateQueries({ queryKey: USERS_KEY })
  const change = useMutation({
    mutationFn: (patch: UserPatch) => changeUser(http, user.id, patch),
    onSuccess: async () => {
      setPanel(undefined)
      setPassword('')
      await refresh()
    },
  })
  const remove = useMutation({ mutationFn: () => removeUser(http, user.id), onSuccess: refresh })
  const error = change.error ?? remove.error
  return (
    <>
      <tr className={user.disabled ? 'cs-table__faint' : undefined}>
        <th scope="row">
          {user.name}
          {isMe && <span className="cs-quiet"> ({accounts.you})</span>}
        </th>
        <td>
          <RoleSelect
            label={accounts.roleOf(user.name)}
            role={user.role}
            disabled={isMe || change.isPending}
            onChange={(role) => change.mutate({ role })}
          />
        </td>
        <td>{user.disabled ? accounts.disabled : accounts.active}</td>
        <td>
          <Instant at={user.createdAt} form="day" />
        </td>
        <td>
          <span className="cs-buttons">
            <Button variant="link" isInline onClick={() => setPanel('password')}>
              {accounts.setPassword}
            </Button>
            {!isMe && (
              <>
                <Button variant="link" isInline onClick={() => change.mutate({ disabled: !user.disabled })}>
                  {user.disabled ? accounts.enable : accounts.disable}
                </Button>
                <Button variant="link" isInline onClick={() => setPanel('remove')}>
                  {accounts.remove}
                </Button>
              </>
            )}
          </span>
        </td>
      </tr>
      {(panel || error) && (
        <tr>
          <td colSpan={5}>
            {error && <CommandFailure error={error} />}
            {panel === 'remove' && (
              <div className="cs-buttons">
                <span>{accounts.sure(user.name)}</span>
                <Button
                  variant="danger"
                  size="sm"
                  onClick={() => remove.mutate()}
                  isDisabled={remove.isPending}
                >
                  {accounts.yes}
                </Button>
                <Button variant="link" size="sm" onClick={() => setPanel(undefined)}>
                  {accounts.no}
                </Button>
              </div>
            )}
            {panel === 'password' && (
              <form
                className="cs-access__row"
                onSubmit={(event) => {
                  event.preventDefault()
                  change.mutate({ password })
                }}
              >
                <Field
                  label={accounts.newPassword}
                  type="password"
                  autoComplete="new-password"
                  value={password}
                  onChange={setPassword}
                  hint={accounts.passwordHint}
                />
                <Button type="submit" variant="secondary" isDisabled={change.isPending}>
                  {accounts.setPassword}
                </Button>
              </form>
            )}
          </td>
        </tr>
      )}
    </>
  )
}

function AddUser() {
  const http = useHttp()
  const queryClient = useQueryClient()
  const [name, setName] = useState('')
  const [password, setPassword] = useState('')
  const [role, setRole] = useState<Role>('operator')
  const [tried, setTried] = useState(false)
  const command = useMutation({
    mutationFn: () => addUser(http, { name: name.trim(), password, role }),
    onSuccess: async () => {
      setName('')
      setPassword('')
      setTried(false)
      await queryClient.invalidateQueries({ queryKey: USERS_KEY })
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (name.trim() !== '' && password !== '') command.mutate()
  }
  return (
    <form className="cs-access__row" onSubmit={submit} noValidate aria-label={accounts.addUser}>
      <Field
        label={accounts.name}
        value={name}
        onChange={setName}
        autoComplete="off"
        error={tried && name.trim() === '' ? accounts.missing : undefined}
      />
      <Field
        label={accounts.password}
        type="password"
        value={password}
        onChange={setPassword}
        autoComplete="new-password"
        hint={accounts.passwordHint}
        error={tried && password === '' ? accounts.missing : undefined}
      />
      <div className="cs-field">
        <span className="cs-field__label">{accounts.role}</span>
        <RoleSelect label={accounts.role} role={role} onChange={setRole} />
      </div>
      <Button type="submit" variant="secondary" isDisabled={command.isPending}>
        {accounts.add}
      </Button>
      {command.isError && <CommandFailure error={command.error} />}
    </form>
  )
}
