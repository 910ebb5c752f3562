import { useMutation } from '@tanstack/react-query'
import type { Operation } from '@coreshift/shared/contract'
import { Button } from '@patternfly/react-core/dist/esm/components/Button/Button.js'
import { failureWords } from '../../data/failure-words.ts'
import type { HttpClient } from '../../data/http-client.ts'
import { askAgain, stopWaiting, tellMe } from '../../data/operation-queries.ts'
import { useHttp } from '../../data/services.tsx'
import { requestResize } from '../../data/vm-queries.ts'
import { actionsFor, keepWaitingRequest } from '../../domain/operation-view.ts'
import { resize } from '../../strings/resize.ts'
import { resizes } from '../../strings/resizes.ts'

interface BulkAction {
  readonly words: string
  readonly isFor: (operation: Operation) => boolean
  readonly act: (http: HttpClient, operation: Operation) => Promise<Operation>
}

const ACTIONS: readonly BulkAction[] = [
  {
    words: resizes.askAgain,
    isFor: (operation) => actionsFor(operation).askAgain,
    act: (http, { id }) => askAgain(http, id),
  },
  {
    words: resize.actions.keepWaiting,
    isFor: (operation) => actionsFor(operation).keepWaiting,
    act: (http, operation) => requestResize(http, operation.vm, keepWaitingRequest(operation)),
  },
  {
    words: resizes.stopWaiting,
    isFor: (operation) => actionsFor(operation).stopWaiting,
    act: (http, { id }) => stopWaiting(http, id),
  },
  {
    words: resizes.tellMe,
    isFor: (operation) => actionsFor(operation).tellMe,
    act: (http, { id }) => tellMe(http, id, true),
  },
]

interface BulkActionsProps {
  readonly selected: readonly Operation[]
  readonly onDone: () => void
}

/** The same command for each of the chosen resizes it makes sense for; one that fails does not stop the others. */
export function BulkActions({ selected, onDone }: BulkActionsProps) {
  const http = useHttp()
  const command = useMutation({
    mutationFn: async ({ isFor, act }: BulkAction) => {
      const meant = selected.filter(isFor)
      const results = await Promise.allSettled(meant.map((operation) => act(http, operation)))
      const failures = results.flatMap((result, index) =>
        result.status === 'rejected'
          ? [resizes.bulkFailed(meant[index]?.vmName ?? '', failureWords(result.reason).text)]
          : [],
      )
      return { done: results.length - failures.length, failures }
    },
    onSuccess: onDone,
  })
  return (
    <div className="cs-buttons cs-bulk">
      <span className="cs-quiet">
        {selected.length === 0 ? resizes.selectHint : resizes.selected(selected.length)}
      </span>
      {ACTIONS.filter(({ isFor }) => selected.some(isFor)).map((action) => (
        <Button
          key={action.words}
          variant="secondary"
          size="sm"
          isDisabled={command.isPending}
          onClick={() => command.mutate(action)}
        >
          {action.words}
        </Button>
      ))}
      <span role="status">
        {command.data && resizes.bulkDone(command.data.done)}{' '}
        {command.data?.failures.map((failure) => (
          <span key={failure} className="cs-field__error">
            {failure}
          </span>
        ))}
      </span>
    </div>
  )
}
