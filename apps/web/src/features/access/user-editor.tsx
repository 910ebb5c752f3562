import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import type { User, UserPatch } from '@coreshift/shared/contract'
import { Button } from '@patternfly/react-core/dist/esm/components/Button/Button.js'
import { USERS_KEY, changeUser } from '../../data/account-queries.ts'
import { useHttp } from '../../data/services.tsx'
import { CommandFailure } from '../../domain/query-failure.tsx'
import { accounts } from '../../strings/accounts.ts'
import { Field } from '../../ui/field.tsx'
import { limitDraftOf, readLimit } from './limit-draft.ts'
import { LimitFields } from './limit-fields.tsx'
import { RoleField } from './role-field.tsx'

interface UserEditorProps {
  readonly user: User
  readonly isMe: boolean
  readonly onDone: () => void
}

/** Role, reach and password of an account; nobody changes what they themselves may do. */
export function UserEditor({ user, isMe, onDone }: UserEditorProps) {
  const http = useHttp()
  const queryClient = useQueryClient()
  const [role, setRole] = useState(user.role)
  const [limit, setLimit] = useState(limitDraftOf(user.limitedTo))
  const [password, setPassword] = useState('')
  const [tried, setTried] = useState(false)
  const reading = readLimit(limit, role)
  const command = useMutation({
    mutationFn: (patch: UserPatch) => changeUser(http, user.id, patch),
    onSuccess: async () => {
      onDone()
      await queryClient.invalidateQueries({ queryKey: USERS_KEY })
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (!reading.ok) return
    command.mutate({
      ...(isMe ? {} : { role, limitedTo: reading.limitedTo ?? null }),
      ...(password === '' ? {} : { password }),
    })
  }
  return (
    <form className="cs-access__add" onSubmit={submit} noValidate aria-label={accounts.changeOf(user.name)}>
      <div className="cs-access__row">
        {!isMe && <RoleField role={role} onChange={setRole} />}
        {user.source === 'password' && (
          <Field
            label={accounts.newPassword}
            type="password"
            autoComplete="new-password"
            value={password}
            onChange={setPassword}
            hint={accounts.newPasswordHint}
          />
        )}
      </div>
      {!isMe && <LimitFields draft={limit} role={role} isWrong={tried && !reading.ok} onChange={setLimit} />}
      {command.isError && <CommandFailure error={command.error} />}
      <div className="cs-buttons">
        <Button type="submit" variant="secondary" isDisabled={command.isPending}>
          {accounts.save}
        </Button>
        <Button variant="link" onClick={onDone}>
          {accounts.cancel}
        </Button>
      </div>
    </form>
  )
}
