import { useId } from 'react'
import { POLICY_ENDINGS, type PolicyPreset } from '@coreshift/shared'
import { settings as words } from '../../strings/settings.ts'
import { Field } from '../../ui/field.tsx'
import type { DraftField, PolicyDraft } from './settings-draft.ts'

interface PolicyFieldsProps {
  readonly preset: PolicyPreset
  readonly policy: PolicyDraft
  readonly wrong: readonly DraftField[]
  readonly onChange: (policy: PolicyDraft) => void
}

/** One preset of how to wait for a guest. */
export function PolicyFields({ preset, policy, wrong, onChange }: PolicyFieldsProps) {
  const id = useId()
  const problem = (field: keyof PolicyDraft) =>
    wrong.includes(`${preset}.${field}`) ? words.notANumber : undefined
  return (
    <fieldset className="cs-policy">
      <legend className="cs-choices__label">{words.presets[preset]}</legend>
      <Field
        label={words.deadline}
        type="number"
        value={policy.deadlineSeconds}
        onChange={(deadlineSeconds) => onChange({ ...policy, deadlineSeconds })}
        error={problem('deadlineSeconds')}
      />
      <Field
        label={words.attempts}
        type="number"
        value={policy.attempts}
        onChange={(attempts) => onChange({ ...policy, attempts })}
        error={problem('attempts')}
      />
      <Field
        label={words.backoff}
        type="number"
        value={policy.backoffFactor}
        onChange={(backoffFactor) => onChange({ ...policy, backoffFactor })}
        error={problem('backoffFactor')}
      />
      <div className="cs-field">
        <label htmlFor={id} className="cs-field__label">
          {words.ending}
        </label>
        <select
          id={id}
          className="cs-select"
          value={policy.ending}
          onChange={(event) =>
            onChange({
              ...policy,
              ending: POLICY_ENDINGS.find((ending) => ending === event.target.value) ?? policy.ending,
            })
          }
        >
          {POLICY_ENDINGS.map((ending) => (
            <option key={ending} value={ending}>
              {words.endings[ending]}
            </option>
          ))}
        </select>
      </div>
    </fieldset>
  )
}
