import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import type { Role, TokenCreated } from '@coreshift/shared/contract'
import { Button } from '@patternfly/react-core/dist/esm/components/Button/Button.js'
import { TOKENS_KEY, createToken, type NewToken } from '../../data/account-queries.ts'
import { useHttp } from '../../data/services.tsx'
import { CommandFailure } from '../../domain/query-failure.tsx'
import { accounts } from '../../strings/accounts.ts'
import { useReadClock } from '../../ui/clock.tsx'
import { Field } from '../../ui/field.tsx'
import { SelectField } from '../../ui/select-field.tsx'
import { limitDraftOf, readLimit } from './limit-draft.ts'
import { LimitFields } from './limit-fields.tsx'
import { RoleField } from './role-field.tsx'
import { LIFETIMES, readLifetime, type Lifetime } from './token-lifetime.ts'

export function AddToken({ onMade }: { onMade: (made: TokenCreated) => void }) {
  const http = useHttp()
  const queryClient = useQueryClient()
  const readClock = useReadClock()
  const [name, setName] = useState('')
  const [role, setRole] = useState<Role>('viewer')
  const [limit, setLimit] = useState(limitDraftOf(undefined))
  const [lifetime, setLifetime] = useState<Lifetime>('90')
  const [lastDay, setLastDay] = useState('')
  const [tried, setTried] = useState<'no' | 'yes' | 'bad-day'>('no')
  const reach = readLimit(limit, role)
  const command = useMutation({
    mutationFn: (token: NewToken) => createToken(http, token),
    onSuccess: async (made) => {
      onMade(made)
      setName('')
      setTried('no')
      await queryClient.invalidateQueries({ queryKey: TOKENS_KEY })
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const life = readLifetime(lifetime, lastDay, readClock())
    setTried(life.ok ? 'yes' : 'bad-day')
    if (name.trim() === '' || !reach.ok || !life.ok) return
    command.mutate({
      name: name.trim(),
      role,
      ...(reach.limitedTo ? { limitedTo: reach.limitedTo } : {}),
      ...(life.expiresAt === undefined ? {} : { expiresAt: life.expiresAt }),
    })
  }
  return (
    <form className="cs-access__add" onSubmit={submit} noValidate aria-label={accounts.addToken}>
      <h3 className="cs-access__heading">{accounts.addToken}</h3>
      <div className="cs-access__row">
        <Field
          label={accounts.name}
          value={name}
          onChange={setName}
          autoComplete="off"
          error={tried !== 'no' && name.trim() === '' ? accounts.missing : undefined}
        />
        <RoleField role={role} onChange={setRole} />
        <SelectField
          label={accounts.lifetime}
          value={lifetime}
          choices={LIFETIMES.map((value) => ({ value, label: accounts.lifetimes[value] }))}
          onChange={setLifetime}
          {...(lifetime === 'ever' ? { hint: accounts.everHint } : {})}
        />
        {lifetime === 'day' && (
          <Field
            label={accounts.lastDay}
            type="date"
            value={lastDay}
            onChange={setLastDay}
            error={tried === 'bad-day' ? accounts.lastDayWrong : undefined}
          />
        )}
      </div>
      <LimitFields draft={limit} role={role} isWrong={tried !== 'no' && !reach.ok} onChange={setLimit} />
      {command.isError && <CommandFailure error={command.error} />}
      <div className="cs-buttons">
        <Button type="submit" variant="secondary" isDisabled={command.isPending}>
          {accounts.create}
        </Button>
      </div>
    </form>
  )
}
