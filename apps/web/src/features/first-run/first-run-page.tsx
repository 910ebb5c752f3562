import { useMutation, useQueryClient, useSuspenseQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useRouter } from '@tanstack/react-router'
import { useState, type FormEvent } from 'react'
import { Button } from '@patternfly/react-core/dist/esm/components/Button/Button.js'
import { useHttp } from '../../data/services.tsx'
import { SESSION_KEY, createAdministrator, sessionQuery } from '../../data/session-query.ts'
import { CommandFailure } from '../../domain/query-failure.tsx'
import { access } from '../../strings/access.ts'
import { EntryPage } from '../../ui/entry-page.tsx'
import { Field } from '../../ui/field.tsx'
import { usePageTitle } from '../../ui/page-title.ts'

const route = getRouteApi('/first-run')

/** The rules of the contract (UserName, Password), to say at once what the server would refuse. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$/
const PASSWORD_MIN = 10

export function FirstRunPage() {
  usePageTitle(access.firstRunTitle)
  const http = useHttp()
  const { token } = route.useSearch()
  const { data: session } = useSuspenseQuery(sessionQuery(http))
  if (!session.firstRun) {
    return (
      <EntryPage title={access.alreadyDone}>
        <p>{access.alreadyDoneText}</p>
        <Link to="/sign-in">{access.toSignIn}</Link>
      </EntryPage>
    )
  }
  if (token === undefined) {
    return (
      <EntryPage title={access.linkIncomplete}>
        <p>{access.linkIncompleteText}</p>
      </EntryPage>
    )
  }
  return <FirstRunForm token={token} />
}

function FirstRunForm({ token }: { token: string }) {
  const http = useHttp()
  const router = useRouter()
  const queryClient = useQueryClient()
  const [tried, setTried] = useState(false)
  const [name, setName] = useState('')
  const [password, setPassword] = useState('')
  const nameFits = NAME.test(name.trim())
  const passwordFits = password.length >= PASSWORD_MIN
  const command = useMutation({
    mutationFn: () => createAdministrator(http, { token, name: name.trim(), password }),
    onSuccess: (session) => {
      queryClient.setQueryData(SESSION_KEY, session)
      router.history.replace('/')
    },
  })

  const submit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (nameFits && passwordFits) command.mutate()
  }

  return (
    <EntryPage title={access.firstRunTitle}>
      <p>{access.firstRunText}</p>
      <form className="cs-form" onSubmit={submit} noValidate>
        <Field
          label={access.name}
          value={name}
          onChange={setName}
          autoComplete="username"
          autoFocus
          hint={access.nameHint}
          error={tried && !nameFits ? access.nameInvalid : undefined}
        />
        <Field
          label={access.password}
          type="password"
          value={password}
          onChange={setPassword}
          autoComplete="new-password"
          hint={access.passwordHint}
          error={tried && !passwordFits ? access.passwordTooShort(password.length) : undefined}
        />
        {command.isError && <CommandFailure error={command.error} />}
        <Button type="submit" isBlock isDisabled={command.isPending}>
          {command.isPending ? access.creating : access.createAdministrator}
        </Button>
      </form>
    </EntryPage>
  )
}
