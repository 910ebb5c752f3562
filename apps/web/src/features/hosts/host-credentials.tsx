import { useMutation } from '@tanstack/react-query'
import { useId, useState, type FormEvent } from 'react'
import type { Host, HostPatch } from '@coreshift/shared/contract'
import { Button } from '@patternfly/react-core/dist/esm/components/Button/Button.js'
import { changeHost } from '../../data/host-commands.ts'
import { useHttp } from '../../data/services.tsx'
import { CommandFailure } from '../../domain/query-failure.tsx'
import { hosts as words } from '../../strings/hosts.ts'
import { DialogBox } from '../../ui/dialog-box.tsx'
import { Field } from '../../ui/field.tsx'

/** Sets the name and password with which we sign in at the daemon of a host. The present password is not known here. */
export function HostCredentials({ host }: { host: Host }) {
  const [open, setOpen] = useState(false)
  return (
    <>
      <Button
        variant="link"
        isInline
        aria-label={words.changeCredentialsOf(host.name)}
        onClick={() => setOpen(true)}
      >
        {words.changeCredentials}
      </Button>
      {open && <CredentialsDialog host={host} onClose={() => setOpen(false)} />}
    </>
  )
}

function CredentialsDialog({ host, onClose }: { host: Host; onClose: () => void }) {
  const http = useHttp()
  const formId = useId()
  const [username, setUsername] = useState(host.username ?? '')
  const [password, setPassword] = useState('')
  const [tried, setTried] = useState(false)
  const command = useMutation({
    mutationFn: (credentials: HostPatch['credentials']) => changeHost(http, host.id, { credentials }),
    onSuccess: onClose,
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (username !== '' && password !== '') command.mutate({ username, password })
  }
  const foot = (
    <>
      <Button type="submit" form={formId} isDisabled={command.isPending}>
        {command.isPending ? words.saving : words.save}
      </Button>
      {host.username !== undefined && (
        <Button variant="secondary" isDisabled={command.isPending} onClick={() => command.mutate(null)}>
          {words.forget}
        </Button>
      )}
      <Button variant="link" onClick={onClose}>
        {words.cancel}
      </Button>
    </>
  )
  return (
    <DialogBox title={words.changeCredentialsOf(host.name)} foot={foot} onClose={onClose}>
      <form id={formId} className="cs-form" onSubmit={submit} noValidate>
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
      </form>
    </DialogBox>
  )
}
