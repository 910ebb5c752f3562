import { useId } from 'react'
import { DEFAULT_POLICIES, POLICY_PRESETS, type PolicyPreset } from '@coreshift/shared'
import type { Settings } from '@coreshift/shared/contract'
import { resize } from '../../../strings/resize.ts'
import { ChoiceGroup } from '../../../ui/choice-group.tsx'
import type { defaultPolicy } from './sockets-draft.ts'

interface PolicyChoiceProps {
  /** Absent while nobody chose: the default holds. */
  readonly policy: PolicyPreset | undefined
  readonly byDefault: ReturnType<typeof defaultPolicy>
  /** As the administrators have set them; the shipped ones until they are known. */
  readonly policies: Settings['policies'] | undefined
  readonly onChange: (policy: PolicyPreset) => void
}

/** How long to wait for the guest, in plain words. */
export function PolicyChoice({ policy, byDefault, policies, onChange }: PolicyChoiceProps) {
  const name = useId()
  return (
    <ChoiceGroup
      name={name}
      label={resize.policy}
      value={policy ?? byDefault.preset}
      choices={POLICY_PRESETS.map((preset) => ({
        value: preset,
        label: resize.policyText(preset, { ...DEFAULT_POLICIES[preset], ...policies?.[preset] }),
        ...(preset === byDefault.preset && byDefault.from !== 'global'
          ? { hint: resize.policyFrom[byDefault.from] }
          : {}),
      }))}
      onChange={onChange}
    />
  )
}
