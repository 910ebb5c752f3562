import { useMutation } from '@tanstack/react-query'
import { useId, useRef, type ReactNode } from 'react'
import { Button } from '@patternfly/react-core/dist/esm/components/Button/Button.js'
import { CommandFailure } from '../../../domain/query-failure.tsx'
import { about } from '../../../strings/about.ts'
import { useAnnounce } from '../../../ui/announcer.tsx'
import { UnsavedGuard } from '../../../ui/unsaved-guard.tsx'

interface EditableFactProps {
  readonly title: string
  readonly children: ReactNode
  /** Fields in place of the words while a person edits; absent while nobody does. */
  readonly editor: ReactNode | undefined
  /** Whether the fields say something else than what is stored. */
  readonly isChanged: boolean
  /** Absent for those who may not. */
  readonly onEdit: (() => void) | undefined
  readonly onEnd: () => void
  readonly save: () => Promise<unknown>
}

/** A fact in words with a way to change it in place. */
export function EditableFact({ title, children, editor, isChanged, onEdit, onEnd, save }: EditableFactProps) {
  const id = useId()
  const announce = useAnnounce()
  const opener = useRef<HTMLButtonElement>(null)
  const end = () => {
    onEnd()
    // The button is there again after the next paint.
    requestAnimationFrame(() => opener.current?.focus())
  }
  const command = useMutation({
    mutationFn: save,
    onSuccess: () => {
      announce(about.saved(title))
      end()
    },
  })
  return (
    <section className="cs-fact" aria-labelledby={id}>
      <div className="cs-fact__head">
        <h3 id={id} className="cs-fact__title">
          {title}
        </h3>
        {onEdit && editor === undefined && (
          <Button ref={opener} variant="link" isInline onClick={onEdit} aria-label={about.change(title)}>
            {about.edit}
          </Button>
        )}
      </div>
      {editor === undefined ? (
        children
      ) : (
        <form
          className="cs-fact__form"
          onSubmit={(event) => {
            event.preventDefault()
            if (isChanged) command.mutate()
          }}
        >
          {editor}
          {command.isError && <CommandFailure error={command.error} />}
          <div className="cs-buttons">
            <Button type="submit" size="sm" isDisabled={!isChanged || command.isPending}>
              {command.isPending ? about.saving : about.save}
            </Button>
            <Button variant="link" size="sm" onClick={end}>
              {about.cancel}
            </Button>
          </div>
          <UnsavedGuard when={isChanged && !command.isPending} what={about.unsaved(title)} />
        </form>
      )}
    </section>
  )
}
