import { useMutation } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import type { TwoFactorEnrolment } from '@coreshift/shared/contract'
import { Button } from '@patternfly/react-core/dist/esm/components/Button/Button.js'
import { useHttp } from '../../data/services.tsx'
import { beginEnrolment, confirmEnrolment } from '../../data/two-factor-queries.ts'
import { CommandFailure } from '../../domain/query-failure.tsx'
import { twoFactor as words } from '../../strings/two-factor.ts'
import { CopyButton } from '../../ui/copy-button.tsx'
import { Field } from '../../ui/field.tsx'
import { PasswordStep } from './password-step.tsx'
import { QrCode } from './qr-code.tsx'
import { RecoveryCodeList } from './recovery-code-list.tsx'

const CODE = /^\d{6}$/

interface EnrolmentProps {
  readonly onDone: () => void
  readonly onCancel?: () => void
}

/** Password, key, first code, recovery codes: the way to an authenticator. */
export function Enrolment({ onDone, onCancel }: EnrolmentProps) {
  const http = useHttp()
  const begin = useMutation({ mutationFn: (password: string) => beginEnrolment(http, password) })
  const confirm = useMutation({ mutationFn: (code: string) => confirmEnrolment(http, code) })
  if (confirm.data) return <RecoveryCodeList codes={confirm.data.codes} onDone={onDone} />
  if (!begin.data) {
    return <PasswordStep label={words.setUp} command={begin} {...(onCancel ? { onCancel } : {})} />
  }
  return <FirstCode enrolment={begin.data} command={confirm} />
}

interface FirstCodeProps {
  readonly enrolment: TwoFactorEnrolment
  readonly command: {
    readonly mutate: (code: string) => void
    readonly isPending: boolean
    readonly error: unknown
  }
}

function FirstCode({ enrolment, command }: FirstCodeProps) {
  const [code, setCode] = useState('')
  const [tried, setTried] = useState(false)
  const fits = CODE.test(code.trim())
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (fits) command.mutate(code.trim())
  }
  return (
    <form className="cs-form cs-access__step" onSubmit={submit} noValidate aria-label={words.setUp}>
      <p>{words.scan}</p>
      <QrCode rows={enrolment.qr} label={words.qr} />
      <p>
        {words.typeKey} <code>{enrolment.secret}</code>{' '}
        <CopyButton label={words.copyKey} text={() => enrolment.secret} />
      </p>
      <Field
        label={words.code}
        value={code}
        onChange={setCode}
        autoComplete="one-time-code"
        hint={words.codeHint}
        error={tried && !fits ? words.codeWrong : undefined}
      />
      {command.error !== null && <CommandFailure error={command.error} />}
      <div className="cs-buttons">
        <Button type="submit" isDisabled={command.isPending}>
          {words.confirm}
        </Button>
      </div>
    </form>
  )
}
