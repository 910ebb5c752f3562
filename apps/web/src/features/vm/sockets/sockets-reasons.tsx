import { Link } from '@tanstack/react-router'
import type { Unlock } from '@coreshift/shared'
import type { Reason } from '@coreshift/shared/contract'
import { Button } from '@patternfly/react-core/dist/esm/components/Button/Button.js'
import { resize } from '../../../strings/resize.ts'
import { sockets as socketWords } from '../../../strings/vcpus.ts'
import type { ReasonGroup } from './sockets-scale.ts'
import './sockets-reasons.css'

interface SocketsReasonsProps {
  readonly groups: readonly ReasonGroup[]
  /** Set when the chosen value itself is not possible: its own reasons come first. */
  readonly chosen: { readonly sockets: number; readonly reasons: readonly Reason[] } | undefined
  readonly onUnlock: (unlock: Unlock) => void
}

/** Why values are grey, in words, with the way out. */
export function SocketsReasons({ groups, chosen, onUnlock }: SocketsReasonsProps) {
  if (groups.length === 0) return null
  return (
    <>
      {chosen && (
        <div className="cs-why cs-why--chosen" role="status">
          <b>{socketWords.count(chosen.sockets)}:</b>
          <ul>
            {chosen.reasons.map((reason) => (
              <li key={`${reason.code} ${reason.message}`} data-reason={reason.code}>
                {reason.message}
                <Unlocks unlocks={reason.unlock ?? []} onUnlock={onUnlock} />
              </li>
            ))}
          </ul>
        </div>
      )}
      <ul className="cs-why" aria-label={resize.whyNot}>
        {groups.map((group) => (
          <li key={`${group.range} ${group.code} ${group.message}`} data-reason={group.code}>
            <span className="cs-why__range cs-figures">{resize.rangeLabel(group.range)}</span>
            <span>
              {group.message}
              {!chosen && <Unlocks unlocks={group.unlock} onUnlock={onUnlock} />}
            </span>
          </li>
        ))}
      </ul>
    </>
  )
}

interface UnlocksProps {
  readonly unlocks: readonly Unlock[]
  readonly onUnlock: (unlock: Unlock) => void
}

const IN_THE_EDITOR: readonly Unlock[] = ['use-next-boot', 'use-live', 'prepare-for-live-resize']

/** The ways out: those that the page can take are buttons, the others advice. */
function Unlocks({ unlocks, onUnlock }: UnlocksProps) {
  return unlocks.map((unlock) => (
    <span key={unlock} className="cs-why__unlock">
      {IN_THE_EDITOR.includes(unlock) ? (
        <Button variant="link" isInline onClick={() => onUnlock(unlock)}>
          {resize.unlocks[unlock]}
        </Button>
      ) : unlock === 'set-guest-os' ? (
        <Link to="/guest-os">{resize.unlocks[unlock]}</Link>
      ) : (
        <span className="cs-quiet">{resize.unlocks[unlock]}</span>
      )}
    </span>
  ))
}
