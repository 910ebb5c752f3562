import { useId, useState } from 'react'
import { ACKNOWLEDGEABLE_CODES, type AcknowledgeableCode } from '@coreshift/shared'
import type { Reason } from '@coreshift/shared/contract'
import { resize } from '../../../strings/resize.ts'
import './acknowledgement.css'

interface AcknowledgementState {
  /** What a person has to say that they know. */
  readonly needed: readonly AcknowledgeableCode[]
  /** What of it they have said. */
  readonly codes: readonly AcknowledgeableCode[]
  readonly isGiven: boolean
  readonly onChange: (code: AcknowledgeableCode, given: boolean) => void
}

/** The word of a person on what has not been tried or may hurt. It holds for what they saw when they gave it. */
export function useAcknowledgement(wanted: readonly string[] = [], about = ''): AcknowledgementState {
  const [given, setGiven] = useState<{ about: string; codes: readonly AcknowledgeableCode[] }>()
  const needed = ACKNOWLEDGEABLE_CODES.filter((code) => wanted.includes(code))
  const codes = given?.about === about ? needed.filter((code) => given.codes.includes(code)) : []
  return {
    needed,
    codes,
    isGiven: codes.length === needed.length,
    onChange: (code, isGiven) =>
      setGiven({ about, codes: [...codes.filter((other) => other !== code), ...(isGiven ? [code] : [])] }),
  }
}

/** A checkbox in words for each thing to know. Recorded with the resize. */
export function Acknowledgement({
  needed,
  codes,
  onChange,
  reasons,
}: AcknowledgementState & { readonly reasons: readonly Reason[] }) {
  const id = useId()
  return needed.map((code) => {
    const reason = reasons.find((candidate) => candidate.code === code)
    return (
      <div key={code} className="cs-acknowledge">
        {reason && <p id={`${id}-${code}`}>{reason.message}</p>}
        <label className="cs-check">
          <input
            type="checkbox"
            checked={codes.includes(code)}
            onChange={(event) => onChange(code, event.target.checked)}
            {...(reason && { 'aria-describedby': `${id}-${code}` })}
          />
          {resize.acknowledge[code]}
        </label>
      </div>
    )
  })
}
