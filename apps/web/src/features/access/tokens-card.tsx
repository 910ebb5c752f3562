import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { Token, TokenCreated } from '@coreshift/shared/contract'
import { TOKENS_KEY, revokeToken, tokensQuery } from '../../data/account-queries.ts'
import { useHttp } from '../../data/services.tsx'
import { CommandFailure } from '../../domain/query-failure.tsx'
import { QueryView } from '../../domain/query-view.tsx'
import { liveHosts } from '../../live/live-topics.ts'
import { accounts } from '../../strings/accounts.ts'
import { product } from '../../strings/product.ts'
import { CardBox } from '../../ui/card-box.tsx'
import { useNow } from '../../ui/clock.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { Instant } from '../../ui/instant.tsx'
import { Notice } from '../../ui/notice.tsx'
import { SureButton } from '../../ui/sure-button.tsx'
import { TableFrame } from '../../ui/table-frame.tsx'
import { Tag } from '../../ui/tag.tsx'
import { AddToken } from './add-token.tsx'
import { limitWords } from './limit-draft.ts'

const COLUMNS = [
  accounts.name,
  accounts.role,
  accounts.reach,
  accounts.created,
  accounts.lastUsed,
  accounts.expires,
  accounts.actions,
]

export function TokensCard() {
  const query = useQuery(tokensQuery(useHttp()))
  const [made, setMade] = useState<TokenCreated>()
  return (
    <CardBox title={accounts.tokens}>
      {made && (
        <div className="cs-access__made">
          <Notice tone="success" title={accounts.tokenMade(made.token.name)} live="status">
            <p>{accounts.tokenOnce}</p>
            <p className="cs-buttons">
              <code>{made.secret}</code>
              <CopyButton label={accounts.copy} text={() => made.secret} />
            </p>
          </Notice>
        </div>
      )}
      <QueryView query={query} what={accounts.whatTokens}>
        {(tokens) => (
          <>
            {tokens.length === 0 ? (
              <p className="cs-quiet">{accounts.noTokens}</p>
            ) : (
              <TableFrame label={accounts.tokens} columns={COLUMNS}>
                {tokens.map((token) => (
                  <TokenRow key={token.id} token={token} />
                ))}
              </TableFrame>
            )}
            <AddToken onMade={setMade} />
          </>
        )}
      </QueryView>
    </CardBox>
  )
}

function TokenRow({ token }: { token: Token }) {
  const http = useHttp()
  const queryClient = useQueryClient()
  const hosts = useQuery(liveHosts()).data?.hosts ?? []
  const revoke = useMutation({
    mutationFn: () => revokeToken(http, token.id),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: TOKENS_KEY }),
  })
  return (
    <tr data-token={token.name}>
      <th scope="row">{token.name}</th>
      <td>{product.roles[token.role]}</td>
      <td>{limitWords(token.limitedTo, hosts)}</td>
      <td>
        <Instant at={token.createdAt} form="day" />
      </td>
      <td>{token.lastUsedAt ? <Instant at={token.lastUsedAt} form="day-time" /> : accounts.never}</td>
      <td>{token.expiresAt ? <Expiry at={token.expiresAt} /> : accounts.never}</td>
      <td>
        {revoke.isError && <CommandFailure error={revoke.error} />}
        <SureButton
          label={accounts.revoke}
          ariaLabel={accounts.revokeOf(token.name)}
          question={accounts.sureToken(token.name)}
          yes={accounts.revoke}
          no={accounts.no}
          isBusy={revoke.isPending}
          onYes={() => revoke.mutate()}
        />
      </td>
    </tr>
  )
}

function Expiry({ at }: { at: string }) {
  const isOver = Date.parse(at) <= useNow()
  return (
    <>
      <Instant at={at} form="day-time" /> {isOver && <Tag color="orange">{accounts.expired}</Tag>}
    </>
  )
}
