import { useState, type FormEvent } from 'react'
import { Button } from '@patternfly/react-core/dist/esm/components/Button/Button.js'
import { CommandFailure } from '../../domain/query-failure.tsx'
import { twoFactor as words } from '../../strings/two-factor.ts'
import { Field } from '../../ui/field.tsx'

interface PasswordStepProps {
  readonly label: string
  readonly command: {
    readonly mutate: (password: string) => void
    readonly isPending: boolean
    readonly error: unknown
  }
  readonly onCancel?: () => void
}

/** Asks for the own password once more before the way of signing in is changed. */
export function PasswordStep({ label, command, onCancel }: PasswordStepProps) {
  const [password, setPassword] = useState('')
  const [tried, setTried] = useState(false)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (password !== '') command.mutate(password)
  }
  return (
    <form className="cs-form cs-access__step" onSubmit={submit} noValidate aria-label={label}>
      <Field
        label={words.passwordAgain}
        type="password"
        autoComplete="current-password"
        value={password}
        onChange={setPassword}
        hint={words.passwordWhy}
        error={tried && password === '' ? words.missing : undefined}
        autoFocus
      />
      {command.error !== null && <CommandFailure error={command.error} />}
      <div className="cs-buttons">
        <Button type="submit" isDisabled={command.isPending}>
          {words.go}
        </Button>
        {onCancel && (
          <Button variant="link" onClick={onCancel}>
            {words.cancel}
          </Button>
        )}
      </div>
    </form>
  )
}
