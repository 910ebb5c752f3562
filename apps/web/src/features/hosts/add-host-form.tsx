import { useMutation } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import type { HostTestResult } from '@coreshift/shared/contract'
import { Button } from '@patternfly/react-core/dist/esm/components/Button/Button.js'
import { addHost, testHost } from '../../data/host-commands.ts'
import { useHttp } from '../../data/services.tsx'
import { CommandFailure } from '../../domain/query-failure.tsx'
import { hosts as words } from '../../strings/hosts.ts'
import { CardBox } from '../../ui/card-box.tsx'
import { Field } from '../../ui/field.tsx'
import { Notice } from '../../ui/notice.tsx'

/** The rule of the contract (HostInput), to say at once what the server would refuse. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/

/** Adds a host after a test of the connection that explains what is wrong and which command fixes it. */
export function AddHostForm() {
  const http = useHttp()
  const [name, setName] = useState('')
  const [uri, setUri] = useState('')
  const [username, setUsername] = useState('')
  const [password, setPassword] = useState('')
  const [tried, setTried] = useState(false)
  const withPassword = username !== '' || password !== ''
  const input = {
    name: name.trim(),
    uri: uri.trim(),
    ...(withPassword ? { credentials: { username, password } } : {}),
  }
  const isComplete =
    NAME.test(input.name) && input.uri !== '' && (!withPassword || (username !== '' && password !== ''))
  const test = useMutation({ mutationFn: () => testHost(http, input) })
  const add = useMutation({
    mutationFn: () => addHost(http, input),
    onSuccess: () => {
      setName('')
      setUri('')
      setUsername('')
      setPassword('')
      setTried(false)
      test.reset()
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (isComplete) add.mutate()
  }
  return (
    <CardBox title={words.addTitle}>
      <form className="cs-form cs-host__form" onSubmit={submit} noValidate>
        <Field
          label={words.name}
          value={name}
          onChange={setName}
          hint={words.nameHint}
          error={tried && !NAME.test(input.name) ? words.nameHint : undefined}
        />
        <Field
          label={words.uri}
          value={uri}
          onChange={(next) => {
            test.reset()
            setUri(next)
          }}
          hint={words.uriHint}
          error={tried && input.uri === '' ? words.missing : undefined}
        />
        <details className="cs-host__credentials" open={withPassword || undefined}>
          <summary>{words.credentials}</summary>
          <div className="cs-form">
            <p className="cs-field__hint">{words.credentialsHint}</p>
            <Field
              label={words.username}
              value={username}
              onChange={setUsername}
              autoComplete="off"
              error={tried && withPassword && username === '' ? words.missing : undefined}
            />
            <Field
              label={words.password}
              type="password"
              value={password}
              onChange={setPassword}
              autoComplete="new-password"
              error={tried && withPassword && password === '' ? words.missing : undefined}
            />
          </div>
        </details>
        {test.isPending && <p role="status">{words.testing}</p>}
        {test.data && <TestOutcome result={test.data} />}
        {test.isError && <CommandFailure error={test.error} />}
        {add.isError && <CommandFailure error={add.error} />}
        {add.isSuccess && <Notice tone="success" title={words.added(add.data.name)} live="status" />}
        <div className="cs-buttons">
          <Button
            variant="secondary"
            onClick={() => {
              setTried(true)
              if (isComplete) test.mutate()
            }}
            isDisabled={test.isPending}
          >
            {words.test}
          </Button>
          <Button type="submit" isDisabled={add.isPending}>
            {add.isPending ? words.adding : words.add}
          </Button>
        </div>
      </form>
    </CardBox>
  )
}

function TestOutcome({ result }: { result: HostTestResult }) {
  if (!result.ok) {
    return (
      <Notice tone="danger" title={result.cause ?? words.testFailed} live="alert">
        {result.hint}
      </Notice>
    )
  }
  return (
    <Notice tone="success" title={words.testOk(result.vms)} live="status">
      {result.libvirtVersion && (
        <p>
          {words.version(result.libvirtVersion, result.hypervisorVersion)}
          {'. '}
          {result.asyncUnplug === false && words.noAsyncUnplug(result.libvirtVersion)}
          {result.asyncUnplug && words.asyncUnplug}
        </p>
      )}
    </Notice>
  )
}
