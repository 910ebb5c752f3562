import { useMutation } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import type { Session } from '@coreshift/shared/contract'
import { Button } from '@patternfly/react-core/dist/esm/components/Button/Button.js'
import { useHttp } from '../../data/services.tsx'
import { finishSignIn } from '../../data/session-query.ts'
import { twoFactor as words } from '../../strings/two-factor.ts'
import { EntryPage } from '../../ui/entry-page.tsx'
import { Field } from '../../ui/field.tsx'
import { SignInFailure } from './sign-in-failure.tsx'

interface CodeFormProps {
  readonly onSession: (session: Session) => void
  readonly onStartAgain: () => void
}

/** The second step of the sign-in. */
export function CodeForm({ onSession, onStartAgain }: CodeFormProps) {
  const http = useHttp()
  const [code, setCode] = useState('')
  const [tried, setTried] = useState(false)
  const command = useMutation({
    mutationFn: () => finishSignIn(http, code.trim()),
    onSuccess: onSession,
    onError: () => setCode(''),
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (code.trim() !== '') command.mutate()
  }
  return (
    <EntryPage title={words.signInTitle}>
      <p>{words.signInText}</p>
      <form className="cs-form" onSubmit={submit} noValidate>
        <Field
          label={words.signInCode}
          value={code}
          onChange={setCode}
          autoComplete="one-time-code"
          autoFocus
          hint={words.signInHint}
          error={tried && code.trim() === '' && !command.isError ? words.signInMissing : undefined}
        />
        {command.isError && <SignInFailure error={command.error} wrong={words.signInWrong} />}
        <Button type="submit" isBlock isDisabled={command.isPending}>
          {words.go}
        </Button>
        <Button variant="link" onClick={onStartAgain}>
          {words.startAgain}
        </Button>
      </form>
    </EntryPage>
  )
}
