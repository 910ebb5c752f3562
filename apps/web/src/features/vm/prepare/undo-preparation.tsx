import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { PreparePlan } from '@coreshift/shared/contract'
import { Button } from '@patternfly/react-core/dist/esm/components/Button/Button.js'
import { undoPlanQuery, undoPreparation } from '../../../data/prepare-queries.ts'
import { useHttp } from '../../../data/services.tsx'
import { vmAnswersKey } from '../../../data/vm-queries.ts'
import { CommandFailure } from '../../../domain/query-failure.tsx'
import { prepare as words } from '../../../strings/prepare.ts'
import { XmlDifference } from './xml-difference.tsx'

interface UndoPreparationProps {
  readonly uuid: string
  /** Gets what was changed. */
  readonly onUndone: (lines: PreparePlan['xml']) => void
}

/** The way back: what it would take out of the definition again, then the button. */
export function UndoPreparation({ uuid, onUndone }: UndoPreparationProps) {
  const http = useHttp()
  const queryClient = useQueryClient()
  const [looking, setLooking] = useState(false)
  const plan = useQuery({ ...undoPlanQuery(http, uuid), enabled: looking })
  const undo = useMutation({
    mutationFn: () => undoPreparation(http, uuid),
    onSuccess: ({ xml }) => {
      onUndone(xml)
      void queryClient.invalidateQueries({ queryKey: vmAnswersKey(uuid) })
    },
  })
  if (!looking) {
    return (
      <p>
        <Button variant="link" isInline onClick={() => setLooking(true)}>
          {words.undo}
        </Button>
      </p>
    )
  }
  return (
    <section className="cs-form" aria-label={words.undo}>
      {plan.isError && <CommandFailure error={plan.error} onRetry={() => void plan.refetch()} />}
      {plan.data ? (
        <>
          <p>{words.undoText}</p>
          <XmlDifference lines={plan.data.xml} />
        </>
      ) : (
        !plan.isError && <p className="cs-quiet">{words.waiting}</p>
      )}
      {undo.isError && <CommandFailure error={undo.error} />}
      <div className="cs-buttons">
        <Button
          variant="secondary"
          onClick={() => undo.mutate()}
          isDisabled={plan.data === undefined || undo.isPending}
        >
          {undo.isPending ? words.undoing : words.undo}
        </Button>
        <Button variant="link" onClick={() => setLooking(false)}>
          {words.keep}
        </Button>
      </div>
    </section>
  )
}
