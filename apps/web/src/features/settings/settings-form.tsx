import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useBlocker } from '@tanstack/react-router'
import { useState, type FormEvent } from 'react'
import { POLICY_PRESETS } from '@coreshift/shared'
import type { Settings } from '@coreshift/shared/contract'
import { Button } from '@patternfly/react-core/dist/esm/components/Button/Button.js'
import { useHttp } from '../../data/services.tsx'
import { SETTINGS_KEY, saveSettings } from '../../data/settings-query.ts'
import { CommandFailure } from '../../domain/query-failure.tsx'
import { useRole } from '../../domain/use-role.ts'
import { settings as words } from '../../strings/settings.ts'
import { CardBox } from '../../ui/card-box.tsx'
import { Check } from '../../ui/check.tsx'
import { ChoiceGroup } from '../../ui/choice-group.tsx'
import { Field } from '../../ui/field.tsx'
import { PerHost } from './per-host.tsx'
import { PolicyFields } from './policy-fields.tsx'
import { RemovalFields } from './removal-fields.tsx'
import { draftOf, readSettings, type SettingsDraft } from './settings-draft.ts'

const SHRINK_GUARDS = ['off', 'warn', 'acknowledge', 'refuse'] as const satisfies Settings['shrinkGuard'][]

/** Everything that administrators decide; saved as a whole. */
export function SettingsForm({ settings }: { settings: Settings }) {
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
        <CardBox title={words.perHost}>
          <PerHost draft={draft} onChange={change} />
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
          <div className="cs-form">
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
            <ChoiceGroup
              name="shrink-guard"
              label={words.shrinkGuard}
              value={draft.shrinkGuard}
              choices={SHRINK_GUARDS.map((value) => ({ value, label: words.shrinkGuards[value] }))}
              onChange={(shrinkGuard) => change({ shrinkGuard })}
            />
          </div>
        </CardBox>
        <CardBox title={words.signIn}>
          <Check
            label={words.twoFactorRequired}
            hint={words.twoFactorRequiredHint}
            checked={draft.twoFactorRequired}
            onChange={(twoFactorRequired) => change({ twoFactorRequired })}
          />
        </CardBox>
        <CardBox title={words.audit}>
          <div className="cs-form">
            <Field
              label={words.retention}
              type="number"
              value={draft.auditRetentionDays}
              onChange={(auditRetentionDays) => change({ auditRetentionDays })}
              hint={words.retentionHint}
              error={wrong.includes('auditRetentionDays') ? words.notANumber : undefined}
            />
            <Field
              label={words.retentionEntries}
              type="number"
              value={draft.auditRetentionEntries}
              onChange={(auditRetentionEntries) => change({ auditRetentionEntries })}
              hint={words.retentionEntriesHint}
              error={wrong.includes('auditRetentionEntries') ? words.entriesWrong : undefined}
            />
          </div>
        </CardBox>
      </fieldset>
      {isAdmin ? (
        <div className={isDirty ? 'cs-settings__foot cs-settings__foot--unsaved' : 'cs-settings__foot'}>
          {command.isError && <CommandFailure error={command.error} />}
          <div className="cs-buttons">
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
        </div>
      ) : (
        <p className="cs-quiet">{words.readOnly}</p>
      )}
    </form>
  )
}
