import { useQueryClient } from '@tanstack/react-query'
import { SESSION_KEY } from '../../data/session-query.ts'
import { twoFactor as words } from '../../strings/two-factor.ts'
import { EntryPage } from '../../ui/entry-page.tsx'
import { usePageTitle } from '../../ui/page-title.ts'
import { Enrolment } from './enrolment.tsx'
import './access.css'

/** Where somebody lands whose account needs an authenticator and has none. */
export function MustEnrolPage() {
  usePageTitle(words.mustTitle)
  const queryClient = useQueryClient()
  return (
    <EntryPage title={words.mustTitle}>
      <p>{words.mustText}</p>
      <Enrolment
        onDone={() => {
          void queryClient.invalidateQueries({ queryKey: SESSION_KEY }).then(() => location.assign('/'))
        }}
      />
    </EntryPage>
  )
}
