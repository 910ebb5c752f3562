import { useId } from 'react'
import type { ResizeMode } from '@coreshift/shared'
import { resize } from '../../../strings/resize.ts'
import { ChoiceGroup } from '../../../ui/choice-group.tsx'

interface ModeChoiceProps {
  readonly modes: readonly ResizeMode[]
  readonly mode: ResizeMode
  readonly onChange: (mode: ResizeMode) => void
}

/** Live and stored are two values: which of them to change. */
export function ModeChoice({ modes, mode, onChange }: ModeChoiceProps) {
  const name = useId()
  return (
    <ChoiceGroup
      name={name}
      label={resize.mode}
      value={mode}
      choices={modes.map((value) => ({ value, ...resize.modes[value] }))}
      onChange={onChange}
    />
  )
}
