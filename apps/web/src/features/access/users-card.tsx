import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import type { Role } from '@coreshift/shared/contract'
import { Button } from '@patternfly/react-core/dist/esm/components/Button/Button.js'
import { USERS_KEY, addUser, usersQuery, type NewUser } from '../../data/account-queries.ts'
import { useHttp } from '../../data/services.tsx'
import { sessionQuery } from '../../data/session-query.ts'
import { CommandFailure } from '../../domain/query-failure.tsx'
import { QueryView } from '../../domain/query-view.tsx'
import { accounts } from '../../strings/accounts.ts'
import { CardBox } from '../../ui/card-box.tsx'
import { Field } from '../../ui/field.tsx'
import { TableFrame } from '../../ui/table-frame.tsx'
import { limitDraftOf, readLimit } from './limit-draft.ts'
import { LimitFields } from './limit-fields.tsx'
import { RoleField } from './role-field.tsx'
import { UserRow } from './user-row.tsx'

const COLUMNS = [
  accounts.name,
  accounts.role,
  accounts.reach,
  accounts.signIn,
  accounts.state,
  accounts.created,
  accounts.actions,
]

export function UsersCard() {
  const http = useHttp()
  const query = useQuery(usersQuery(http))
  const me = useQuery(sessionQuery(http)).data?.user?.id
  return (
    <CardBox title={accounts.users}>
      <QueryView query={query} what={accounts.whatUsers}>
        {(users) => (
          <>
            <TableFrame label={accounts.users} columns={COLUMNS}>
              {users.map((user) => (
                <UserRow key={user.id} user={user} isMe={user.id === me} columns={COLUMNS.length} />
              ))}
            </TableFrame>
            <AddUser />
          </>
        )}
      </QueryView>
    </CardBox>
  )
}

function AddUser() {
  const http = useHttp()
  const queryClient = useQueryClient()
  const [name, setName] = useState('')
  const [password, setPassword] = useState('')
  const [role, setRole] = useState<Role>('operator')
  const [limit, setLimit] = useState(limitDraftOf(undefined))
  const [tried, setTried] = useState(false)
  const reading = readLimit(limit, role)
  const command = useMutation({
    mutationFn: (user: NewUser) => addUser(http, user),
    onSuccess: async () => {
      setName('')
      setPassword('')
      setLimit(limitDraftOf(undefined))
      setTried(false)
      await queryClient.invalidateQueries({ queryKey: USERS_KEY })
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (name.trim() === '' || password === '' || !reading.ok) return
    const { limitedTo } = reading
    command.mutate({ name: name.trim(), password, role, ...(limitedTo ? { limitedTo } : {}) })
  }
  return (
    <form className="cs-access__add" onSubmit={submit} noValidate aria-label={accounts.addUser}>
      <h3 className="cs-access__heading">{accounts.addUser}</h3>
      <div className="cs-access__row">
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
        <RoleField role={role} onChange={setRole} />
      </div>
      <LimitFields draft={limit} role={role} isWrong={tried && !reading.ok} onChange={setLimit} />
      {command.isError && <CommandFailure error={command.error} />}
      <div className="cs-buttons">
        <Button type="submit" variant="secondary" isDisabled={command.isPending}>
          {accounts.add}
        </Button>
      </div>
    </form>
  )
}
