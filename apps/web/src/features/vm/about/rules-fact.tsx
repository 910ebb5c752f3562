import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useId, useState } from 'react'
import { POLICY_PRESETS } from '@coreshift/shared'
import { useHttp } from '../../../data/services.tsx'
import { SETTINGS_KEY, settingsQuery } from '../../../data/settings-query.ts'
import { rulesOf, saveVmRules, type VmRules } from '../../../data/vm-settings.ts'
import { useRole } from '../../../domain/use-role.ts'
import { about } from '../../../strings/about.ts'
import { failures } from '../../../strings/failures.ts'
import { defaultPolicy } from '../sockets/sockets-draft.ts'
import type { SteadyVm } from '../steady-vm.ts'
import { EditableFact } from './editable-fact.tsx'

/** How removals on this machine are done unless the request says otherwise, and whether they are allowed at all. */
export function RulesFact({ vm }: { vm: SteadyVm }) {
  const http = useHttp()
  const id = useId()
  const queryClient = useQueryClient()
  const mayEdit = useRole() === 'admin'
  const settings = useQuery(settingsQuery(http)).data
  const [edit, setEdit] = useState<VmRules>()
  const t = about.rules
  if (!settings) return <p className="cs-quiet">{failures.loading(t.what)}</p>
  const stored = rulesOf(settings, vm.uuid)
  const policy = defaultPolicy(settings, vm)
  const isChanged =
    edit !== undefined && (edit.policy !== stored.policy || edit.mayShrink !== stored.mayShrink)
  return (
    <EditableFact
      title={t.title}
      isChanged={isChanged}
      onEdit={mayEdit ? () => setEdit(stored) : undefined}
      onEnd={() => setEdit(undefined)}
      save={async () => {
        if (!edit) return
        queryClient.setQueryData(SETTINGS_KEY, await saveVmRules(http, vm.uuid, edit))
      }}
      editor={
        edit && (
          <>
            <div className="cs-field">
              <label htmlFor={id} className="cs-field__hint">
                {t.policy}
              </label>
              <select
                id={id}
                className="cs-select"
                value={edit.policy ?? ''}
                onChange={({ target }) =>
                  setEdit({ ...edit, policy: POLICY_PRESETS.find((preset) => preset === target.value) })
                }
              >
                <option value="">{t.noPolicy}</option>
                {POLICY_PRESETS.map((preset) => (
                  <option key={preset} value={preset}>
                    {t.policies[preset]}
                  </option>
                ))}
              </select>
            </div>
            <label className="cs-check">
              <input
                type="checkbox"
                checked={edit.mayShrink}
                onChange={({ target }) => setEdit({ ...edit, mayShrink: target.checked })}
              />
              {t.mayShrink}
            </label>
          </>
        )
      }
    >
      <p>
        {t.policies[policy.preset]} <span className="cs-quiet">· {t.from[policy.from]}</span>
      </p>
      {!vm.unplugAllowed && (
        <p className="cs-about__warning">{stored.mayShrink ? t.closedAbove : t.closed}</p>
      )}
    </EditableFact>
  )
}
