import { useId } from 'react'
import type { ResizeMode } from '@coreshift/shared'
import type { SocketsOption } from '@coreshift/shared/contract'
import { resize } from '../../../strings/resize.ts'
import { markOf, verdictFor, type ScaleMark } from './sockets-scale.ts'
import './sockets-scale-view.css'

/** Above this the values are no longer a scale that one sees as a whole; field and reasons stay. */
const SCALE_VALUES_MAX = 256

interface SocketsScaleProps {
  readonly options: readonly SocketsOption[]
  readonly mode: ResizeMode
  readonly chosen: number | undefined
  readonly current: number
  readonly onChoose: (sockets: number) => void
}

/** All values at a glance. A value that is not possible can still be looked at: its reason is its description. */
export function SocketsScale({ options, mode, chosen, current, onChoose }: SocketsScaleProps) {
  const name = useId()
  if (options.length > SCALE_VALUES_MAX) return null
  const marks = new Set(options.map((option) => markOf(option, mode)))
  return (
    <fieldset className="cs-scale">
      <legend className="pf-v6-screen-reader">{resize.scale}</legend>
      <div className="cs-scale__values">
        {options.map((option) => (
          <ScaleValue
            key={option.sockets}
            name={name}
            option={option}
            mark={markOf(option, mode)}
            reason={
              verdictFor(option, mode).allowed ? undefined : verdictFor(option, mode).reasons[0]?.message
            }
            isChosen={option.sockets === chosen}
            isCurrent={option.sockets === current}
            onChoose={onChoose}
          />
        ))}
      </div>
      <ul className="cs-scale__legend" aria-hidden="true">
        <li>
          <i className="cs-scale__sample cs-scale__sample--current" /> {resize.legend.now}
        </li>
        <li>
          <i className="cs-scale__sample cs-scale__sample--chosen" /> {resize.legend.chosen}
        </li>
        {marks.has('later') && (
          <li>
            <i className="cs-scale__sample cs-scale__sample--later" /> {resize.legend.later}
          </li>
        )}
        {marks.has('closed') && (
          <li>
            <i className="cs-scale__sample cs-scale__sample--closed" /> {resize.legend.closed}
          </li>
        )}
      </ul>
    </fieldset>
  )
}

interface ScaleValueProps {
  readonly name: string
  readonly option: SocketsOption
  readonly mark: ScaleMark
  readonly reason: string | undefined
  readonly isChosen: boolean
  readonly isCurrent: boolean
  readonly onChoose: (sockets: number) => void
}

function ScaleValue({ name, option, mark, reason, isChosen, isCurrent, onChoose }: ScaleValueProps) {
  const id = `${name}-${option.sockets}`
  return (
    <label
      className={`cs-scale__value cs-scale__value--${mark}${isCurrent ? ' cs-scale__value--current' : ''}`}
      title={reason}
    >
      <input
        type="radio"
        name={name}
        value={option.sockets}
        checked={isChosen}
        onChange={() => onChoose(option.sockets)}
        aria-label={resize.scaleOption(option.sockets)}
        aria-disabled={mark !== 'open'}
        aria-describedby={reason ? `${id}-why` : undefined}
      />
      <span aria-hidden="true" className="cs-figures">
        {option.sockets}
      </span>
      {reason && (
        <span id={`${id}-why`} hidden>
          {reason}
        </span>
      )}
    </label>
  )
}
