import { useMutation, useQueryClient, useSuspenseQuery } from '@tanstack/react-query'
import { getRouteApi, useRouter } from '@tanstack/react-router'
import { useState, type FormEvent } from 'react'
import { Button } from '@patternfly/react-core/dist/esm/components/Button/Button.js'
import { ApiProblem } from '../../data/api-failure.ts'
import { useHttp } from '../../data/services.tsx'
import { SESSION_KEY, sessionQuery, signIn } from '../../data/session-query.ts'
import { CommandFailure } from '../../domain/query-failure.tsx'
import { access } from '../../strings/access.ts'
import { EntryPage } from '../../ui/entry-page.tsx'
import { Field } from '../../ui/field.tsx'
import { Notice } from '../../ui/notice.tsx'
import { usePageTitle } from '../../ui/page-title.ts'

const route = getRouteApi('/sign-in')

export function SignInPage() {
  usePageTitle(access.signIn)
  const http = useHttp()
  const router = useRouter()
  const queryClient = useQueryClient()
  const { to, ended } = route.useSearch()
  const { data: session } = useSuspenseQuery(sessionQuery(http))
  const [tried, setTried] = useState(false)
  const [name, setName] = useState('')
  const [password, setPassword] = useState('')
  const command = useMutation({
    mutationFn: () => signIn(http, { name, password }),
    onSuccess: (next) => {
      queryClient.setQueryData(SESSION_KEY, next)
      router.history.replace(to ?? '/')
    },
    // The name stays, the password has to be typed again.
    onError: () => setPassword(''),
  })

  const submit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (name !== '' && password !== '') command.mutate()
  }

  if (session.firstRun) {
    return (
      <EntryPage title={access.noAccountYet}>
        <p>{access.noAccountYetText}</p>
      </EntryPage>
    )
  }
  return (
    <EntryPage title={access.signInTitle}>
      {ended && <Notice tone="info" title={access.sessionEnded} />}
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
        {command.isError && <SignInFailure error={command.error} />}
        <Button type="submit" isBlock isDisabled={command.isPending}>
          {command.isPending ? access.signingIn : access.signIn}
        </Button>
      </form>
    </EntryPage>
  )
}

function SignInFailure({ error }: { error: unknown }) {
  const wrong = error instanceof ApiProblem && error.problem.status === 401
  return wrong ? <Notice tone="danger" title={access.wrong} live="alert" /> : <CommandFailure error={error} />
}
