import { useId, useState } from 'react'
import { changeVm } from '../../../data/vm-queries.ts'
import { useHttp } from '../../../data/services.tsx'
import { useMayOperate } from '../../../domain/use-role.ts'
import { about } from '../../../strings/about.ts'
import type { SteadyVm } from '../steady-vm.ts'
import { EditableFact } from './editable-fact.tsx'

/** As the API takes it. */
const DESCRIPTION_CHARS_MAX = 8192

/** What people wrote about the machine; kept in libvirt's own description of it. */
export function DescriptionFact({ vm }: { vm: SteadyVm }) {
  const http = useHttp()
  const id = useId()
  const mayEdit = useMayOperate() && !vm.stale
  const stored = vm.description ?? ''
  const [text, setText] = useState<string>()
  return (
    <EditableFact
      title={about.description}
      isChanged={text !== undefined && text !== stored}
      onEdit={mayEdit ? () => setText(stored) : undefined}
      onEnd={() => setText(undefined)}
      save={() => changeVm(http, vm.uuid, { description: text ?? '' })}
      editor={
        text === undefined ? undefined : (
          <>
            <label htmlFor={id} className="pf-v6-screen-reader">
              {about.description}
            </label>
            <textarea
              id={id}
              className="cs-textarea"
              rows={4}
              maxLength={DESCRIPTION_CHARS_MAX}
              value={text}
              // The person has just asked for this field.
              autoFocus
              onChange={(event) => setText(event.target.value)}
            />
          </>
        )
      }
    >
      {stored === '' ? (
        <p className="cs-quiet">{about.noDescription}</p>
      ) : (
        <p className="cs-about__text">{stored}</p>
      )}
    </EditableFact>
  )
}
