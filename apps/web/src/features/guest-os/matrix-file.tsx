import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useId, useState, type ChangeEvent } from 'react'
import type { GuestOsMatrixInput, GuestOsMatrixView } from '@coreshift/shared/contract'
import { GUEST_OS_KEY, saveGuestOsEdits } from '../../data/guest-os-queries.ts'
import { useHttp } from '../../data/services.tsx'
import { CommandFailure } from '../../domain/query-failure.tsx'
import { guestOs } from '../../strings/guest-os.ts'
import { SureButton } from '../../ui/sure-button.tsx'
import { countEdits, readEdits } from './edits-file.ts'

/** The administrators' own words as a file: out, in again, or all taken back. */
export function MatrixFile({ view, mayEdit }: { view: GuestOsMatrixView; mayEdit: boolean }) {
  const http = useHttp()
  const queryClient = useQueryClient()
  const id = useId()
  const [wrongFile, setWrongFile] = useState(false)
  const edits = countEdits(view)
  const command = useMutation({
    mutationFn: (next: GuestOsMatrixInput['edits']) => saveGuestOsEdits(http, { edits: next, rev: view.rev }),
    onSuccess: (next) => queryClient.setQueryData(GUEST_OS_KEY, next),
  })
  const take = async (event: ChangeEvent<HTMLInputElement>) => {
    const input = event.currentTarget
    const text = await input.files?.[0]?.text()
    input.value = ''
    if (text === undefined) return
    const reading = readEdits(text)
    setWrongFile(!reading.ok)
    if (reading.ok) command.mutate(reading.edits)
  }
  return (
    <div className="cs-form">
      <div className="cs-buttons cs-guests__file">
        <span className="cs-quiet">{guestOs.edits(edits)}</span>
        {edits > 0 && (
          <a href="/api/v1/guest-os-matrix/export.json" download>
            {guestOs.export}
          </a>
        )}
        {mayEdit && (
          <>
            <label htmlFor={id}>{guestOs.import}</label>
            <input
              id={id}
              type="file"
              accept=".json,application/json"
              onChange={(event) => void take(event)}
            />
            {edits > 0 && (
              <SureButton
                label={guestOs.restoreAll}
                question={guestOs.restoreSure(edits)}
                yes={guestOs.restoreYes}
                no={guestOs.restoreNo}
                isBusy={command.isPending}
                onYes={() => command.mutate([])}
              />
            )}
          </>
        )}
        <span role="status">{command.isSuccess && guestOs.saved}</span>
      </div>
      {wrongFile && (
        <p role="alert" className="cs-field__error">
          {guestOs.wrongFile}
        </p>
      )}
      {command.isError && <CommandFailure error={command.error} />}
    </div>
  )
}
