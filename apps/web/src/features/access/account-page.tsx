import { useQuery } from '@tanstack/react-query'
import { useHttp } from '../../data/services.tsx'
import { sessionQuery } from '../../data/session-query.ts'
import { liveHosts } from '../../live/live-topics.ts'
import { accounts } from '../../strings/accounts.ts'
import { product } from '../../strings/product.ts'
import { CardBox } from '../../ui/card-box.tsx'
import { PageFrame } from '../../ui/page-frame.tsx'
import { limitWords } from './limit-draft.ts'
import { PasswordCard } from './password-card.tsx'
import { SessionList } from './session-list.tsx'
import { TwoFactorCard } from './two-factor-card.tsx'
import './access.css'

/** What one may do, how one signs in, and where one is signed in. */
export function AccountPage() {
  const user = useQuery(sessionQuery(useHttp())).data?.user
  const hosts = useQuery(liveHosts()).data?.hosts ?? []
  return (
    <PageFrame title={accounts.account}>
      {user && (
        <p className="cs-quiet">
          {accounts.accountRole(product.roles[user.role])}{' '}
          {accounts.accountReach(limitWords(user.limitedTo, hosts))}
        </p>
      )}
      <CardBox title={accounts.sessions}>
        <SessionList label={accounts.sessions} />
      </CardBox>
      <PasswordCard />
      <TwoFactorCard />
    </PageFrame>
  )
}
