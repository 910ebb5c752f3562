import { useMutation, useQuery, useQueryClient, useSuspenseQuery } from '@tanstack/react-query'
import { getRouteApi, useRouter } from '@tanstack/react-router'
import { useState, type FormEvent } from 'react'
import type { Session } from '@coreshift/shared/contract'
import { Button } from '@patternfly/react-core/dist/esm/components/Button/Button.js'
import { useHttp } from '../../data/services.tsx'
import { SESSION_KEY, sessionQuery, signIn, signInOptionsQuery } from '../../data/session-query.ts'
import { access } from '../../strings/access.ts'
import { EntryPage } from '../../ui/entry-page.tsx'
import { Field } from '../../ui/field.tsx'
import { Notice } from '../../ui/notice.tsx'
import { usePageTitle } from '../../ui/page-title.ts'
import { CodeForm } from './code-form.tsx'
import { SignInFailure } from './sign-in-failure.tsx'

const route = getRouteApi('/sign-in')

export function SignInPage() {
  usePageTitle(access.signIn)
  const http = useHttp()
  const router = useRouter()
  const queryClient = useQueryClient()
  const { to, ended } = route.useSearch()
  const { data: session } = useSuspenseQuery(sessionQuery(http))
  const [needsCode, setNeedsCode] = useState(false)

  const onSession = (next: Session) => {
    setNeedsCode(next.pending === 'two-factor-code')
    if (next.pending === 'two-factor-code') return
    queryClient.setQueryData(SESSION_KEY, next)
    router.history.replace(to ?? '/')
  }

  if (session.firstRun) {
    return (
      <EntryPage title={access.noAccountYet}>
        <p>{access.noAccountYetText}</p>
      </EntryPage>
    )
  }
  if (needsCode) return <CodeForm onSession={onSession} onStartAgain={() => setNeedsCode(false)} />
  return (
    <EntryPage title={access.signInTitle}>
      {ended && <Notice tone="info" title={access.sessionEnded} />}
      <PasswordForm onSession={onSession} />
      <ProviderButton to={to} />
    </EntryPage>
  )
}

function PasswordForm({ onSession }: { onSession: (session: Session) => void }) {
  const http = useHttp()
  const [tried, setTried] = useState(false)
  const [name, setName] = useState('')
  const [password, setPassword] = useState('')
  const command = useMutation({
    mutationFn: () => signIn(http, { name, password }),
    onSuccess: onSession,
    // The name stays, the password has to be typed again.
    onError: () => setPassword(''),
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (name !== '' && password !== '') command.mutate()
  }
  return (
    <form className="cs-form" onSubmit={submit} noValidate>
      <Field
        label={access.name}
        value={name}
        onChange={setName}
        autoComplete="username"
        autoFocus
        error={tried && name === '' ? access.nameMissing : undefined}
      />
      <Field
        label={access.password}
        type="password"
        value={password}
        onChange={setPassword}
        autoComplete="current-password"
        error={tried && password === '' && !command.isError ? access.passwordMissing : undefined}
      />
      {command.isError && <SignInFailure error={command.error} wrong={access.wrong} />}
      <Button type="submit" isBlock isDisabled={command.isPending}>
        {command.isPending ? access.signingIn : access.signIn}
      </Button>
    </form>
  )
}

/** The identity provider, where one is configured. Without an answer the password form is all there is. */
function ProviderButton({ to }: { to: string | undefined }) {
  const provider = useQuery(signInOptionsQuery(useHttp())).data?.oidc
  if (!provider) return null
  const href = to === undefined ? provider.href : `${provider.href}?next=${encodeURIComponent(to)}`
  return (
    <div className="cs-entry__other">
      <p className="cs-quiet">{access.or}</p>
      <Button variant="secondary" isBlock component="a" href={href}>
        {access.signInAt(provider.name)}
      </Button>
    </div>
  )
}
