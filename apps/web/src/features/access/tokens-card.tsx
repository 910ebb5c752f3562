import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import type { Role, Token, TokenCreated } from '@coreshift/shared/contract'
import { Button } from '@patternfly/react-core/dist/esm/components/Button/Button.js'
import { TOKENS_KEY, createToken, revokeToken, tokensQuery } from '../../data/account-queries.ts'
import { useHttp } from '../../data/services.tsx'
import { CommandFailure, QueryFailure } from '../../domain/query-failure.tsx'
import { accounts } from '../../strings/accounts.ts'
import { failures } from '../../strings/failures.ts'
import { product } from '../../strings/product.ts'
import { CardBox } from '../../ui/card-box.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { Field } from '../../ui/field.tsx'
import { Instant } from '../../ui/instant.tsx'
import { LoadingWords } from '../../ui/loading-words.tsx'
import { Notice } from '../../ui/notice.tsx'
import { RoleSelect } from './role-select.tsx'

export function TokensCard() {
  const query = useQuery(tokensQuery(useHttp()))
  const [made, setMade] = useState<TokenCreated>()
  return (
    <CardBox title={accounts.tokens}>
      {made && (
        <Notice tone="success" title={accounts.tokenMade(made.token.name)} live="status">
          <p>{accounts.tokenOnce}</p>
          <p className="cs-buttons">
            <code>{made.secret}</code>
            <CopyButton label={accounts.copy} text={() => made.secret} />
          </p>
        </Notice>
      )}
      {query.data ? (
        query.data.items.length === 0 ? (
          <p className="cs-quiet">{accounts.noTokens}</p>
        ) : (
          <TokenTable tokens={query.data.items} />
        )
      ) : query.isError ? (
        <QueryFailure error={query.error} onRetry={() => void query.refetch()} />
      ) : (
        <LoadingWords words={failures.loading(accounts.whatTokens)} />
      )}
      {query.data && <AddToken onMade={setMade} />}
    </CardBox>
  )
}

function TokenTable({ tokens }: { tokens: readonly Token[] }) {
  return (
    <div className="cs-scroll" tabIndex={0} role="group" aria-label={accounts.tokens}>
      <table className="cs-table">
        <thead>
          <tr>
            <th scope="col">{accounts.name}</th>
            <th scope="col">{accounts.role}</th>
            <th scope="col">{accounts.created}</th>
            <th scope="col">{accounts.lastUsed}</th>
            <th scope="col">{accounts.expires}</th>
            <th scope="col">{accounts.actions}</th>
          </tr>
        </thead>
        <tbody>
          {tokens.map((token) => (
            <TokenRow key={token.id} token={token} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

function TokenRow({ token }: { token: Token }) {
  const http = useHttp()
  const queryClient = useQueryClient()
  const [asking, setAsking] = useState(false)
  const revoke = useMutation({
    mutationFn: () => revokeToken(http, token.id),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: TOKENS_KEY }),
  })
  return (
    <tr>
      <th scope="row">{token.name}</th>
      <td>{product.roles[token.role]}</td>
      <td>
        <Instant at={token.createdAt} form="day" />
      </td>
      <td>{token.lastUsedAt ? <Instant at={token.lastUsedAt} form="day-time" /> : accounts.never}</td>
      <td>{token.expiresAt ? <Instant at={token.expiresAt} form="day" /> : accounts.never}</td>
      <td>
        {revoke.isError && <CommandFailure error={revoke.error} />}
        {asking ? (
          <span className="cs-buttons">
            {accounts.sureToken(token.name)}
            <Button variant="danger" size="sm" onClick={() => revoke.mutate()} isDisabled={revoke.isPending}>
              {accounts.revoke}
            </Button>
            <Button variant="link" size="sm" onClick={() => setAsking(false)}>
              {accounts.no}
            </Button>
          </span>
        ) : (
          <Button variant="link" isInline onClick={() => setAsking(true)}>
            {accounts.revoke}
          </Button>
        )}
      </td>
    </tr>
  )
}

function AddToken({ onMade }: { onMade: (made: TokenCreated) => void }) {
  const http = useHttp()
  const queryClient = useQueryClient()
  const [name, setName] = useState('')
  const [role, setRole] = useState<Role>('viewer')
  const [tried, setTried] = useState(false)
  const command = useMutation({
    mutationFn: () => createToken(http, { name: name.trim(), role }),
    onSuccess: async (made) => {
      onMade(made)
      setName('')
      setTried(false)
      await queryClient.invalidateQueries({ queryKey: TOKENS_KEY })
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (name.trim() !== '') command.mutate()
  }
  return (
    <form className="cs-access__row" onSubmit={submit} noValidate aria-label={accounts.addToken}>
      <Field
        label={accounts.name}
        value={name}
        onChange={setName}
        autoComplete="off"
        error={tried && name.trim() === '' ? accounts.missing : undefined}
      />
      <div className="cs-field">
        <span className="cs-field__label">{accounts.role}</span>
        <RoleSelect label={accounts.role} role={role} onChange={setRole} />
      </div>
      <Button type="submit" variant="secondary" isDisabled={command.isPending}>
        {accounts.create}
      </Button>
      {command.isError && <CommandFailure error={command.error} />}
    </form>
  )
}
