import { useQuery } from '@tanstack/react-query'
import { useHttp } from '../../data/services.tsx'
import { settingsQuery } from '../../data/settings-query.ts'
import { QueryView } from '../../domain/query-view.tsx'
import { settings as words } from '../../strings/settings.ts'
import { PageFrame } from '../../ui/page-frame.tsx'
import { HooksCard } from './hooks-card.tsx'
import { SettingsForm } from './settings-form.tsx'
import './settings.css'

export function SettingsPage() {
  const query = useQuery(settingsQuery(useHttp()))
  return (
    <PageFrame title={words.title}>
      <QueryView query={query} what={words.what}>
        {(settings) => (
          <>
            <SettingsForm settings={settings} />
            <HooksCard />
          </>
        )}
      </QueryView>
    </PageFrame>
  )
}
