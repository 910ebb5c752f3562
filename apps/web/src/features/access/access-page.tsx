import { usePageTitle } from '../../ui/page-title.ts'
import { accounts } from '../../strings/accounts.ts'
import { TokensCard } from './tokens-card.tsx'
import { UsersCard } from './users-card.tsx'
import './access.css'

/** Who may come in: people and programs. */
export function AccessPage() {
  usePageTitle(accounts.title)
  return (
    <div className="cs-access">
      <h1 className="cs-title">{accounts.title}</h1>
      <UsersCard />
      <TokensCard />
    </div>
  )
}
