import type { PreparePlan } from '@coreshift/shared/contract'
import { prepare as words } from '../../../strings/prepare.ts'
import { Field } from '../../../ui/field.tsx'

/** As the API takes it. */
const SOCKETS_MAX = 16_384

/** The ceiling a person wrote; absent where it is none, or where they leave it to the proposal. */
export function readCeiling(text: string | undefined): number | undefined {
  if (text === undefined || !/^\s*\d{1,5}\s*$/.test(text)) return undefined
  const sockets = Number(text)
  return sockets >= 1 && sockets <= SOCKETS_MAX ? sockets : undefined
}

interface CeilingFieldProps {
  readonly plan: PreparePlan
  /** Absent while the proposal stands. */
  readonly text: string | undefined
  readonly onChange: (text: string | undefined) => void
}

/** How many sockets there shall be room for: the proposal, why it is that one, and what else was weighed. */
export function CeilingField({ plan, text, onChange }: CeilingFieldProps) {
  const { proposal } = plan
  return (
    <div className="cs-prepare__room">
      <Field
        label={words.room}
        type="number"
        value={text ?? String(proposal.socketsMax)}
        onChange={(next) => onChange(next === String(proposal.socketsMax) ? undefined : next)}
        hint={words.roomHint(proposal.socketsMax, proposal.why)}
        error={
          text !== undefined && readCeiling(text) === undefined ? words.notACeiling(SOCKETS_MAX) : undefined
        }
      />
      {proposal.bounds.length > 1 && (
        <details>
          <summary>{words.bounds}</summary>
          <dl className="cs-pairs">
            {proposal.bounds.map(({ socketsMax, why }) => (
              <div key={`${socketsMax} ${why}`} className="cs-pairs__pair">
                <dt className="cs-figures">{words.sockets(socketsMax)}</dt>
                <dd>{why}</dd>
              </div>
            ))}
          </dl>
        </details>
      )}
    </div>
  )
}
