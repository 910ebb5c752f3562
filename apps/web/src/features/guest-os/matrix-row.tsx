import { useId } from 'react'
import type { GuestOsMatrixView, GuestOsRow, GuestSupportValue } from '@coreshift/shared/contract'
import { Button } from '@patternfly/react-core/dist/esm/components/Button/Button.js'
import { guestOs } from '../../strings/guest-os.ts'
import { Instant } from '../../ui/instant.tsx'
import { RowEditor } from './row-editor.tsx'

interface MatrixRowProps {
  readonly view: GuestOsMatrixView
  readonly row: GuestOsRow
  readonly isOpen: boolean
  readonly mayEdit: boolean
  readonly onToggle: () => void
}

const SIGNS: Record<GuestSupportValue, string> = { '+': '+', '-': '−', 'reboot-required': '↻', unknown: '?' }

function Support({ value }: { value: GuestSupportValue }) {
  return (
    <span className={`cs-support cs-support--${value === '+' ? 'yes' : value === '-' ? 'no' : 'other'}`}>
      <span aria-hidden="true" className="cs-support__sign">
        {SIGNS[value]}
      </span>{' '}
      {guestOs.support[value]}
    </span>
  )
}

/** One kind of guest; its details fold out below it. */
export function MatrixRow({ view, row, isOpen, mayEdit, onToggle }: MatrixRowProps) {
  const id = useId()
  const { seen } = row
  return (
    <>
      <tr data-row={row.id}>
        <th scope="row">{row.name}</th>
        <td>
          {row.version || guestOs.any}
          {row.editions.length > 0 && <span className="cs-quiet"> {row.editions.join(', ')}</span>}
        </td>
        <td>{row.arch}</td>
        <td>
          <Support value={row.plug} />
        </td>
        <td>
          <Support value={row.unplug} />
        </td>
        <td>{row.edit ? guestOs.edited(row.edit.by) : guestOs.evidence[row.evidence]}</td>
        <td>
          {seen ? (
            guestOs.seen(seen.plugs, seen.unplugs, seen.refusals, seen.medianMs)
          ) : (
            <span className="cs-quiet">{guestOs.neverSeen}</span>
          )}
        </td>
        <td className="cs-table__figures">{row.vms ?? 0}</td>
        <td>
          <Button
            variant="link"
            isInline
            aria-label={guestOs.detailsOf(row.name, row.version)}
            aria-expanded={isOpen}
            aria-controls={id}
            onClick={onToggle}
          >
            {guestOs.details}
          </Button>
        </td>
      </tr>
      {isOpen && (
        <tr id={id}>
          <td colSpan={9} className="cs-guests__detail">
            <RowDetails view={view} row={row} />
            {mayEdit && <RowEditor key={view.rev} view={view} row={row} />}
          </td>
        </tr>
      )}
    </>
  )
}

function RowDetails({ view, row }: { view: GuestOsMatrixView; row: GuestOsRow }) {
  const titles = row.source.map((id) => view.sources.find((source) => source.id === id)?.title ?? id)
  const says = (plug: GuestSupportValue, unplug: GuestSupportValue) =>
    guestOs.plugSays(guestOs.support[plug], guestOs.support[unplug])
  return (
    <>
      {row.note && <p>{row.note}</p>}
      <dl className="cs-pairs">
        {row.edit && (
          <>
            <dt>{guestOs.reason}</dt>
            <dd>
              {row.edit.reason} ({row.edit.by}, <Instant at={row.edit.at} form="day" />)
            </dd>
          </>
        )}
        {row.shipped && (
          <>
            <dt>{guestOs.shipped}</dt>
            <dd>{says(row.shipped.plug, row.shipped.unplug)}</dd>
          </>
        )}
        {row.later && (
          <>
            <dt>{guestOs.later}</dt>
            <dd>{says(row.later.plug, row.later.unplug)}</dd>
          </>
        )}
        {row.limitedBy && (
          <>
            <dt>{guestOs.limitedBy}</dt>
            <dd>{row.limitedBy}</dd>
          </>
        )}
        {titles.length > 0 && (
          <>
            <dt>{guestOs.sources}</dt>
            <dd>{titles.join('; ')}</dd>
          </>
        )}
        {row.seen?.lastFailure && row.seen.lastFailureAt && (
          <>
            <dt>{guestOs.lastFailure}</dt>
            <dd>
              {row.seen.lastFailure} (<Instant at={row.seen.lastFailureAt} form="day" />)
            </dd>
          </>
        )}
      </dl>
      {row.socketsMax !== undefined && <p>{guestOs.socketsMax(row.socketsMax)}</p>}
    </>
  )
}
