import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import type { GuestOsMatrixView, GuestOsRow, GuestSupportValue } from '@coreshift/shared/contract'
import { Button } from '@patternfly/react-core/dist/esm/components/Button/Button.js'
import { GUEST_OS_KEY, saveGuestOsEdits } from '../../data/guest-os-queries.ts'
import { useHttp } from '../../data/services.tsx'
import { CommandFailure } from '../../domain/query-failure.tsx'
import { guestOs } from '../../strings/guest-os.ts'
import { Field } from '../../ui/field.tsx'
import { withEdit, type RowEdit } from './matrix-view.ts'

const VALUES: readonly GuestSupportValue[] = ['+', '-', 'reboot-required', 'unknown']

/** An administrator's own word on a row, with the reason. */
export function RowEditor({ view, row }: { view: GuestOsMatrixView; row: GuestOsRow }) {
  const http = useHttp()
  const queryClient = useQueryClient()
  const [plug, setPlug] = useState(row.plug)
  const [unplug, setUnplug] = useState(row.unplug)
  const [reason, setReason] = useState(row.edit?.reason ?? '')
  const [tried, setTried] = useState(false)
  const command = useMutation({
    mutationFn: (edit: RowEdit | undefined) => saveGuestOsEdits(http, withEdit(view, row.id, edit)),
    onSuccess: (next) => queryClient.setQueryData(GUEST_OS_KEY, next),
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (reason.trim() !== '') command.mutate({ plug, unplug, reason: reason.trim() })
  }
  return (
    <form className="cs-guests__form" onSubmit={submit} noValidate>
      <SupportSelect label={guestOs.columns.plug} value={plug} onChange={setPlug} />
      <SupportSelect label={guestOs.columns.unplug} value={unplug} onChange={setUnplug} />
      <Field
        label={guestOs.reason}
        value={reason}
        onChange={setReason}
        error={tried && reason.trim() === '' ? guestOs.reasonMissing : undefined}
      />
      <div className="cs-buttons">
        <Button type="submit" variant="secondary" size="sm" isDisabled={command.isPending}>
          {command.isPending ? guestOs.saving : guestOs.save}
        </Button>
        {row.edit && (
          <Button
            variant="link"
            size="sm"
            onClick={() => command.mutate(undefined)}
            isDisabled={command.isPending}
          >
            {guestOs.takeBack}
          </Button>
        )}
      </div>
      {command.isError && <CommandFailure error={command.error} />}
    </form>
  )
}

interface SupportSelectProps {
  readonly label: string
  readonly value: GuestSupportValue
  readonly onChange: (value: GuestSupportValue) => void
}

function SupportSelect({ label, value, onChange }: SupportSelectProps) {
  return (
    <label className="cs-field">
      <span className="cs-field__label">{label}</span>
      <select
        className="cs-select"
        value={value}
        onChange={(event) => onChange(VALUES.find((candidate) => candidate === event.target.value) ?? value)}
      >
        {VALUES.map((candidate) => (
          <option key={candidate} value={candidate}>
            {guestOs.support[candidate]}
          </option>
        ))}
      </select>
    </label>
  )
}
