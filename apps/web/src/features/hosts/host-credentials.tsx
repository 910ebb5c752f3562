import { useMutation } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import type { Host, HostPatch } from '@coreshift/shared/contract'
import { Button } from '@patternfly/react-core/dist/esm/components/Button/Button.js'
import { changeHost } from '../../data/host-commands.ts'
import { useHttp } from '../../data/services.tsx'
import { CommandFailure } from '../../domain/query-failure.tsx'
import { hosts as words } from '../../strings/hosts.ts'
import { Disclosure } from '../../ui/disclosure.tsx'
import { Field } from '../../ui/field.tsx'

/** Sets the name and password with which we sign in at the daemon of a host. The present password is not known here. */
export function HostCredentials({ host }: { host: Host }) {
  return (
    <Disclosure label={words.changeCredentials} upwards>
      {(close) => <CredentialsForm host={host} onDone={close} />}
    </Disclosure>
  )
}

function CredentialsForm({ host, onDone }: { host: Host; onDone: () => void }) {
  const http = useHttp()
  const [username, setUsername] = useState(host.username ?? '')
  const [password, setPassword] = useState('')
  const [tried, setTried] = useState(false)
  const command = useMutation({
    mutationFn: (credentials: HostPatch['credentials']) => changeHost(http, host.id, { credentials }),
    onSuccess: onDone,
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (username !== '' && password !== '') command.mutate({ username, password })
  }
  return (
    <form className="cs-form" onSubmit={submit} noValidate aria-label={words.changeCredentialsOf(host.name)}>
      <p className="cs-field__hint">{words.changeHint}</p>
      <Field
        label={words.username}
        value={username}
        onChange={setUsername}
        autoComplete="off"
        error={tried && username === '' ? words.missing : undefined}
      />
      <Field
        label={words.password}
        type="password"
        value={password}
        onChange={setPassword}
        autoComplete="new-password"
        error={tried && password === '' ? words.missing : undefined}
      />
      {command.isError && <CommandFailure error={command.error} />}
      <div className="cs-buttons">
        <Button type="submit" isDisabled={command.isPending}>
          {command.isPending ? words.saving : words.save}
        </Button>
        {host.username !== undefined && (
          <Button variant="secondary" isDisabled={command.isPending} onClick={() => command.mutate(null)}>
            {words.forget}
          </Button>
        )}
      </div>
    </form>
  )
}
