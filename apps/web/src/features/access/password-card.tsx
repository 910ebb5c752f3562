import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import { Button } from '@patternfly/react-core/dist/esm/components/Button/Button.js'
import { useHttp } from '../../data/services.tsx'
import { SESSIONS_KEY, changeOwnPassword } from '../../data/session-query.ts'
import { twoFactorQuery } from '../../data/two-factor-queries.ts'
import { CommandFailure } from '../../domain/query-failure.tsx'
import { ownPassword as words } from '../../strings/own-password.ts'
import { CardBox } from '../../ui/card-box.tsx'
import { Field } from '../../ui/field.tsx'
import { Notice } from '../../ui/notice.tsx'

/** The own password: whoever signs in elsewhere has none here. */
export function PasswordCard() {
  const isElsewhere = useQuery(twoFactorQuery(useHttp())).data?.available === false
  const [task, setTask] = useState<'change' | 'changed'>()
  return (
    <CardBox title={words.title}>
      {isElsewhere ? (
        <p className="cs-quiet">{words.elsewhere}</p>
      ) : task === 'change' ? (
        <PasswordForm onDone={() => setTask('changed')} onCancel={() => setTask(undefined)} />
      ) : (
        <div className="cs-form">
          {task === 'changed' && <Notice tone="success" live="status" title={words.changed} />}
          <div className="cs-buttons">
            <Button variant="secondary" onClick={() => setTask('change')}>
              {words.change}
            </Button>
          </div>
        </div>
      )}
    </CardBox>
  )
}

function PasswordForm({ onDone, onCancel }: { onDone: () => void; onCancel: () => void }) {
  const http = useHttp()
  const queryClient = useQueryClient()
  const [password, setPassword] = useState('')
  const [next, setNext] = useState('')
  const [again, setAgain] = useState('')
  const [tried, setTried] = useState(false)
  const command = useMutation({
    mutationFn: () => changeOwnPassword(http, password, next),
    onSuccess: () => {
      void queryClient.invalidateQueries({ queryKey: SESSIONS_KEY })
      onDone()
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (password !== '' && next !== '' && next === again) command.mutate()
  }
  const missing = (value: string) => (tried && value === '' ? words.missing : undefined)
  return (
    <form className="cs-form cs-access__step" onSubmit={submit} noValidate aria-label={words.change}>
      <Field
        label={words.present}
        type="password"
        autoComplete="current-password"
        value={password}
        onChange={setPassword}
        error={missing(password)}
        autoFocus
      />
      <Field
        label={words.next}
        type="password"
        autoComplete="new-password"
        value={next}
        onChange={setNext}
        hint={words.nextHint}
        error={missing(next)}
      />
      <Field
        label={words.again}
        type="password"
        autoComplete="new-password"
        value={again}
        onChange={setAgain}
        error={tried && again !== next ? words.differs : undefined}
      />
      {command.error !== null && <CommandFailure error={command.error} />}
      <p className="cs-quiet">{words.othersEnd}</p>
      <div className="cs-buttons">
        <Button type="submit" isDisabled={command.isPending}>
          {words.save}
        </Button>
        <Button variant="link" onClick={onCancel}>
          {words.cancel}
        </Button>
      </div>
    </form>
  )
}
