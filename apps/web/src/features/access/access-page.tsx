import { accounts } from '../../strings/accounts.ts'
import { PageFrame } from '../../ui/page-frame.tsx'
import { TokensCard } from './tokens-card.tsx'
import { UsersCard } from './users-card.tsx'
import './access.css'

/** Who may come in: people and programs. */
export function AccessPage() {
  return (
    <PageFrame title={accounts.title} width="wide">
      <UsersCard />
      <TokensCard />
    </PageFrame>
  )
}
