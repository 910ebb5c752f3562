import { settings as words } from '../../strings/settings.ts'
import { Check } from '../../ui/check.tsx'
import type { SettingsDraft } from './settings-draft.ts'

interface RemovalFieldsProps {
  readonly draft: SettingsDraft
  readonly onChange: (part: Partial<SettingsDraft>) => void
}

/** The switch for all, and the machines it is off for. */
export function RemovalFields({ draft, onChange }: RemovalFieldsProps) {
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
