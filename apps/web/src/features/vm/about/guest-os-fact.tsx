import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useId, useState } from 'react'
import type { GuestOsRow } from '@coreshift/shared/contract'
import { guestOsQuery } from '../../../data/guest-os-queries.ts'
import { useHttp } from '../../../data/services.tsx'
import { changeVm } from '../../../data/vm-queries.ts'
import { CommandFailure } from '../../../domain/query-failure.tsx'
import { useRole } from '../../../domain/use-role.ts'
import { about } from '../../../strings/about.ts'
import { failures } from '../../../strings/failures.ts'
import { machines } from '../../../strings/machines.ts'
import type { SteadyVm } from '../steady-vm.ts'
import { EditableFact } from './editable-fact.tsx'

/** Stands in the list for what the page was told by the guest or the definition. */
const DETECTED = ''

/** Which system runs in the machine, who says so, and what that means for resizing. */
export function GuestOsFact({ vm }: { vm: SteadyVm }) {
  const http = useHttp()
  const mayEdit = useRole() === 'admin'
  const { guestOs } = vm
  const stored = guestOs.source === 'override' ? (guestOs.row ?? DETECTED) : DETECTED
  const [chosen, setChosen] = useState<string>()
  const t = about.guest
  return (
    <EditableFact
      title={t.title}
      isChanged={chosen !== undefined && chosen !== stored}
      onEdit={mayEdit ? () => setChosen(stored) : undefined}
      onEnd={() => setChosen(undefined)}
      save={() => changeVm(http, vm.uuid, { guestOs: chosen === DETECTED ? null : (chosen ?? null) })}
      editor={chosen === undefined ? undefined : <RowChoice value={chosen} onChange={setChosen} />}
    >
      <p>
        {guestOs.source === 'none' ? machines.unknownGuest : guestOs.name}{' '}
        <span className="cs-quiet">· {machines.guestSource[guestOs.source]}</span>
      </p>
      {guestOs.disagreement && <p className="cs-about__warning">{guestOs.disagreement}</p>}
      <p className="cs-quiet">
        {t.plug[guestOs.plug]} {t.unplug[guestOs.unplug]}
        {guestOs.socketsMax !== undefined && ` ${t.socketsMax(guestOs.socketsMax)}`}{' '}
        <Link to="/guest-os">{t.matrix}</Link>
      </p>
    </EditableFact>
  )
}

function RowChoice({ value, onChange }: { value: string; onChange: (row: string) => void }) {
  const id = useId()
  const matrix = useQuery(guestOsQuery(useHttp()))
  if (matrix.isError) return <CommandFailure error={matrix.error} onRetry={() => void matrix.refetch()} />
  if (!matrix.data) return <p className="cs-quiet">{failures.loading(about.guest.rows)}</p>
  return (
    <div className="cs-field">
      <label htmlFor={id} className="cs-field__hint">
        {about.guest.hint}
      </label>
      <select id={id} className="cs-select" value={value} onChange={(event) => onChange(event.target.value)}>
        <option value={DETECTED}>{about.guest.asDetected}</option>
        {familiesOf(matrix.data.rows).map(([family, rows]) => (
          <optgroup key={family} label={about.guest.families[family]}>
            {rows.map((row) => (
              <option key={row.id} value={row.id}>
                {[row.name, row.version, row.editions.join(', '), row.arch].filter(Boolean).join(' ')}
              </option>
            ))}
          </optgroup>
        ))}
      </select>
    </div>
  )
}

function familiesOf(rows: readonly GuestOsRow[]): [GuestOsRow['family'], GuestOsRow[]][] {
  const families = new Map<GuestOsRow['family'], GuestOsRow[]>()
  for (const row of rows) {
    const family = families.get(row.family)
    if (family) family.push(row)
    else families.set(row.family, [row])
  }
  return [...families]
}
