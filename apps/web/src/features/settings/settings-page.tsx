import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useBlocker } from '@tanstack/react-router'
import { useState, type FormEvent } from 'react'
import { POLICY_PRESETS } from '@coreshift/shared'
import type { Settings } from '@coreshift/shared/contract'
import { Button } from '@patternfly/react-core/dist/esm/components/Button/Button.js'
import { useHttp } from '../../data/services.tsx'
import { SETTINGS_KEY, saveSettings, settingsQuery } from '../../data/settings-query.ts'
import { CommandFailure } from '../../domain/query-failure.tsx'
import { QueryView } from '../../domain/query-view.tsx'
import { useRole } from '../../domain/use-role.ts'
import { liveHosts } from '../../live/live-topics.ts'
import { settings as words } from '../../strings/settings.ts'
import { CardBox } from '../../ui/card-box.tsx'
import { ChoiceGroup } from '../../ui/choice-group.tsx'
import { Field } from '../../ui/field.tsx'
import { PageFrame } from '../../ui/page-frame.tsx'
import { PolicyFields } from './policy-fields.tsx'
import { draftOf, readSettings, type SettingsDraft } from './settings-draft.ts'
import './settings.css'

export function SettingsPage() {
  const query = useQuery(settingsQuery(useHttp()))
  return (
    <PageFrame title={words.title}>
      <QueryView query={query} what={words.what}>
        {(settings) => <SettingsForm settings={settings} />}
      </QueryView>
    </PageFrame>
  )
}

function SettingsForm({ settings }: { settings: Settings }) {
  const http = useHttp()
  const queryClient = useQueryClient()
  const isAdmin = useRole() === 'admin'
  const [edits, setEdits] = useState<Partial<SettingsDraft>>({})
  const draft: SettingsDraft = { ...draftOf(settings), ...edits }
  const reading = readSettings(draft, settings)
  const isDirty = Object.keys(edits).length > 0
  const command = useMutation({
    mutationFn: (next: Settings) => saveSettings(http, next),
    onSuccess: (saved) => {
      queryClient.setQueryData(SETTINGS_KEY, saved)
      setEdits({})
    },
  })
  useBlocker({
    shouldBlockFn: () => isDirty && !window.confirm(words.leave),
    enableBeforeUnload: isDirty,
    disabled: !isDirty,
  })
  const change = (part: Partial<SettingsDraft>) => {
    command.reset()
    setEdits({ ...edits, ...part })
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (reading.ok && isDirty) command.mutate(reading.settings)
  }
  const wrong = reading.ok ? [] : reading.wrong

  return (
    <form onSubmit={submit} noValidate className="cs-settings__form">
      <fieldset disabled={!isAdmin} className="cs-settings__cards">
        <CardBox title={words.removal}>
          <RemovalFields draft={draft} onChange={change} />
        </CardBox>
        <CardBox title={words.waiting}>
          <ChoiceGroup
            name="default-policy"
            label={words.defaultPolicy}
            value={draft.defaultPolicy}
            choices={POLICY_PRESETS.map((value) => ({ value, label: words.presets[value] }))}
            onChange={(defaultPolicy) => change({ defaultPolicy })}
          />
          {POLICY_PRESETS.map((preset) => (
            <PolicyFields
              key={preset}
              preset={preset}
              policy={draft.policies[preset]}
              wrong={wrong}
              onChange={(policy) => change({ policies: { ...draft.policies, [preset]: policy } })}
            />
          ))}
        </CardBox>
        <CardBox title={words.limits}>
          <ChoiceGroup
            name="host-cpu-limit"
            label={words.hostCpuLimit}
            value={draft.hostCpuLimit}
            choices={(['warn', 'enforce'] as const).map((value) => ({
              value,
              label: words.hostCpuLimits[value],
            }))}
            onChange={(hostCpuLimit) => change({ hostCpuLimit })}
          />
        </CardBox>
        <CardBox title={words.audit}>
          <Field
            label={words.retention}
            type="number"
            value={draft.auditRetentionDays}
            onChange={(auditRetentionDays) => change({ auditRetentionDays })}
            hint={words.retentionHint}
            error={wrong.includes('auditRetentionDays') ? words.notANumber : undefined}
          />
        </CardBox>
      </fieldset>
      {command.isError && <CommandFailure error={command.error} />}
      {isAdmin ? (
        <div className="cs-buttons cs-settings__foot">
          <Button type="submit" isDisabled={!isDirty || !reading.ok || command.isPending}>
            {command.isPending ? words.saving : words.save}
          </Button>
          {isDirty && (
            <Button variant="link" onClick={() => setEdits({})}>
              {words.discard}
            </Button>
          )}
          <span role="status">{command.isSuccess && !isDirty && words.saved}</span>
        </div>
      ) : (
        <p className="cs-quiet">{words.readOnly}</p>
      )}
    </form>
  )
}

interface RemovalFieldsProps {
  readonly draft: SettingsDraft
  readonly onChange: (part: Partial<SettingsDraft>) => void
}

function RemovalFields({ draft, onChange }: RemovalFieldsProps) {
  const hosts = useQuery(liveHosts()).data?.hosts ?? []
  const disabled = draft.unplugDisabledHosts
  return (
    <div className="cs-form">
      <Check
        label={words.unplugEnabled}
        hint={words.unplugEnabledHint}
        checked={draft.unplugEnabled}
        onChange={(unplugEnabled) => onChange({ unplugEnabled })}
      />
      <Check
        label={words.pinnedRemovalAllowed}
        hint={words.pinnedHint}
        checked={draft.pinnedRemovalAllowed}
        onChange={(pinnedRemovalAllowed) => onChange({ pinnedRemovalAllowed })}
      />
      {hosts.length > 0 && (
        <div role="group" aria-label={words.disabledHosts} className="cs-choices">
          <p className="cs-choices__label">{words.disabledHosts}</p>
          {hosts.map((host) => (
            <Check
              key={host.id}
              label={host.name}
              checked={disabled.includes(host.id)}
              onChange={(on) =>
                onChange({
                  unplugDisabledHosts: on ? [...disabled, host.id] : disabled.filter((id) => id !== host.id),
                })
              }
            />
          ))}
        </div>
      )}
      <label className="cs-field">
        <span className="cs-field__label">{words.disabledVms}</span>
        <textarea
          className="cs-textarea"
          rows={3}
          value={draft.unplugDisabledVms}
          onChange={(event) => onChange({ unplugDisabledVms: event.target.value })}
        />
        <span className="cs-field__hint">{words.disabledVmsHint}</span>
      </label>
    </div>
  )
}

interface CheckProps {
  readonly label: string
  readonly hint?: string
  readonly checked: boolean
  readonly onChange: (on: boolean) => void
}

function Check({ label, hint, checked, onChange }: CheckProps) {
  return (
    <label className="cs-check">
      <input type="checkbox" checked={checked} onChange={(event) => onChange(event.target.checked)} />
      <span>
        {label}
        {hint && <span className="cs-field__hint"> {hint}</span>}
      </span>
    </label>
  )
}
