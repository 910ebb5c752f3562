import { useEffect, useRef, useState } from 'react'
import { TextInput } from '@patternfly/react-core/dist/esm/components/TextInput/TextInput.js'
import { fleet } from '../../strings/fleet.ts'
import { afterNextPaint } from '../../ui/after-next-paint.ts'

interface FleetSearchFieldProps {
  readonly value: string
  readonly onChange: (value: string) => void
}

/** Search as one types: a letter is on screen in the next frame, the list, which costs more, follows behind it. */
export function FleetSearchField({ value, onChange }: FleetSearchFieldProps) {
  /** What was typed, until the address says it too. */
  const [typed, setTyped] = useState<string>()
  const telling = useRef<() => void>(undefined)
  useEffect(() => () => telling.current?.(), [])
  useEffect(() => {
    if (!telling.current) setTyped(undefined)
  }, [value])
  const type = (next: string) => {
    setTyped(next)
    telling.current?.()
    telling.current = afterNextPaint(() => {
      telling.current = undefined
      onChange(next)
    })
  }
  return (
    <TextInput
      type="search"
      aria-label={fleet.search}
      placeholder={fleet.searchHint}
      value={typed ?? value}
      onChange={(_, next) => type(next)}
    />
  )
}
